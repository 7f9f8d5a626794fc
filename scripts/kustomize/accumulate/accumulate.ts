import { join } from "../../tree/tree.ts";
import { BuildError } from "../build-error.ts";
import { type Configurations, noConfigurations } from "../configurations/configurations.ts";
import { textsOf } from "../kustomization/fields.ts";
import { isWithin } from "../loader.ts";
import { markVarTargets, mergeVars, readVars, type Var, type Vars } from "../names/vars.ts";
import type { Scalar } from "../node/node.ts";
import { type PluginField, readPluginConfigs } from "../plugins/plugins.ts";
import { validate } from "../plugins/validate.ts";
import { createCollection, refuseSameIds } from "../resource/collection.ts";
import type { Resource } from "../resource/resource.ts";
import { configure, merged } from "./configurations.ts";
import { readObjects } from "./objects.ts";
import { applyOpenApi } from "./openapi.ts";
import { runGenerators, runTransformers } from "./run.ts";
import { addTrail, type Base, createTrail, enter, type Session, type Visit } from "./session.ts";

/** What a kustomization comes to: its resources and what its overlays inherit. */
export type Accumulation = {
  readonly resources: readonly Resource[];
  readonly configurations: Configurations;
  readonly vars: Vars;
};

const nothing: Accumulation = {
  resources: [],
  configurations: noConfigurations,
  vars: new Map<string, Var>(),
};

/**
 * Carries out the kustomization of a visit, in Kustomize's order. A component starts from what its
 * parent has so far, any other from nothing.
 */
export function accumulate(visit: Visit, start: Accumulation = nothing): Accumulation {
  const { fields } = visit.kustomization;
  const plugins = (field: PluginField) =>
    readPluginConfigs(visit, field, (entries) => accumulateResources(visit, entries).resources);
  let state = accumulateResources(visit, textsOf(fields, "resources"), start);
  state = { ...state, configurations: configure(visit, state.configurations) };
  state = runGenerators(visit, state, plugins("generators"));
  for (const entry of textsOf(fields, "components")) {
    state = accumulateComponent(visit, entry, state);
  }
  state = runTransformers(visit, state, plugins("transformers"));
  state = { ...state, resources: validate(visit, state.resources, plugins("validators")) };
  const vars = readVars(fields.entries.get("vars"));
  if (vars.length === 0) return state;
  return {
    ...state,
    resources: markVarTargets(state.resources, vars, visit.session.schemaState),
    vars: mergeVars(state.vars, vars),
  };
}

/** The resources that entries name, files and directories, after those of `start`. */
function accumulateResources(
  visit: Visit,
  entries: readonly Scalar[],
  start: Accumulation = nothing,
): Accumulation {
  if (entries.length === 0) return start;
  let { configurations, vars } = start;
  const collection = createCollection(start.resources, visit.session.schemaState.schema);
  for (const entry of entries) {
    const objects = readObjects(visit, entry);
    if (objects !== undefined) {
      collection.append(objects);
      continue;
    }
    const base = accumulateBase(visit, entry);
    collection.append(base.resources);
    configurations = merged(configurations, base.configurations);
    vars = mergeVars(vars, base.vars);
  }
  return { resources: collection.resources(), configurations, vars };
}

/** What the directory of an entry comes to; accumulated once for all that name it. */
function accumulateBase(visit: Visit, entry: Scalar): Accumulation {
  const { session, loader, ancestors } = visit;
  const directory = loader.directory(entry);
  const path = visit.path === undefined ? undefined : join(visit.path, entry.text);
  const key = [session.loadRestrictor, path ?? "", path === undefined, directory].join("\0");
  const known = session.shared.bases.get(key);
  if (known !== undefined && isUsable(known, session, ancestors)) {
    addTrail(session.trail, known.trail);
    session.schemaState = known.schemaAfter;
    return known.accumulation;
  }
  const useBefore = session.trail.schemaUse;
  const trail = createTrail(useBefore);
  const below: Session = { ...session, trail };
  const base = enter(below, directory, ancestors, path, entry.origin.mark);
  applyOpenApi(base);
  if (base.kustomization.kind === "Component") {
    throw new BuildError(
      `"${entry.text}" is a component, and "resources" takes kustomizations: name it under "components"`,
      { mark: entry.origin.mark },
    );
  }
  const accumulation = accumulate(base);
  session.shared.bases.set(key, {
    accumulation,
    trail,
    useBefore,
    schemaBefore: session.schemaState,
    schemaAfter: below.schemaState,
  });
  addTrail(session.trail, trail);
  session.schemaState = below.schemaState;
  return accumulation;
}

/** A base that was accumulated under another schema, or that leads back to where we are, is not shared. */
function isUsable(base: Base, session: Session, ancestors: readonly string[]): boolean {
  const { useBefore, schemaBefore, schemaAfter } = base;
  if (schemaBefore.schema !== session.schemaState.schema) return false;
  if (schemaAfter !== schemaBefore && useBefore !== session.trail.schemaUse) return false;
  return !ancestors.some((ancestor) =>
    [...base.trail.directories].some((directory) => isWithin(ancestor, directory)),
  );
}

/** What a component makes of the resources that its parent has so far. */
function accumulateComponent(visit: Visit, entry: Scalar, state: Accumulation): Accumulation {
  const { session, loader, ancestors } = visit;
  const directory = loader.directory(entry);
  const path = visit.path === undefined ? undefined : join(visit.path, entry.text);
  const component = enter(session, directory, ancestors, path, entry.origin.mark);
  applyOpenApi(component);
  if (component.kustomization.kind !== "Component") {
    throw new BuildError(
      `"${entry.text}" is a kustomization, and "components" takes those of kind "Component": name it under "resources"`,
      { mark: entry.origin.mark },
    );
  }
  const accumulation = accumulate(component, state);
  refuseSameIds(accumulation.resources, session.schemaState.schema);
  return accumulation;
}
