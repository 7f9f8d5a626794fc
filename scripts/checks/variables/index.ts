import * as z from "zod";
import type { ContainerAt } from "../../../policies/workload.ts";
import { containersOf } from "../../../policies/workload.ts";
import type { Resource } from "../../fleet/resource.ts";
import { findingAt } from "../argo/report.ts";
import type { Check } from "../check.ts";
import { readDeclarations } from "../declaration.ts";
import type { Finding } from "../finding.ts";
import { nearest } from "../schema/nearest.ts";

/** Says whether anybody reads the variables that containers are given. */
export const variablesCheck: Check = {
  id: "variables",
  description: "Containers of a program whose variables are declared get no others",
  run({ tree, renderings }) {
    const { declarations, findings } = readDeclarations(tree, "variables.yaml", variablesFile, {
      rule: "variables-list",
      help: "Write programs, each with the name of its image, source and variables",
    });
    const programs = declarations.flatMap(({ file, data }) =>
      data.programs.map((program) => ({ file, ...program })),
    );
    return {
      status: "ran",
      findings: [
        ...findings,
        ...(findings.length > 0
          ? []
          : renderings.flatMap(({ resources }) => variableFindings(resources, programs))),
      ],
    };
  },
};

const variablesFile = z.strictObject({
  programs: z.array(
    z.strictObject({
      image: z.string("must be the last part of the image's name"),
      source: z.string("must say where the names were taken from, with a version").min(1),
      variables: z.array(z.string().regex(/^[A-Za-z_]\w*$/, "must be the name of a variable")),
    }),
  ),
});

type Program = z.infer<typeof variablesFile>["programs"][number] & { readonly file: string };

/** The variables of a target's containers that their program does not read. */
export function variableFindings(
  resources: readonly Resource[],
  programs: readonly Program[],
): Finding[] {
  return resources.flatMap((resource) =>
    containersOf(resource).flatMap((found) => {
      const program = programs.find(({ image }) => image === nameOf(found));
      return program ? unread(resource, found, program) : [];
    }),
  );
}

/** `ghcr.io/antflydb/termite-proxy:v1@sha256:…` is the image of program `termite-proxy`. */
function nameOf({ container }: ContainerAt): string {
  const image = String(container.image ?? "").replace(/@.*$/, "");
  return image.slice(image.lastIndexOf("/") + 1).replace(/:.*$/, "");
}

function unread(resource: Resource, { container, path }: ContainerAt, program: Program): Finding[] {
  return (container.env ?? []).flatMap(({ name }, index) => {
    if (program.variables.includes(name)) return [];
    const near = nearest(name, program.variables);
    return [
      findingAt(resource, [...path, "env", index, "name"], {
        rule: "variable-unread",
        message: `The program "${program.image}" does not read the variable "${name}"${near === undefined ? "" : `: did you mean "${near}"?`}`,
        help: `Remove it, or add it to "${program.file}" with a release that reads it`,
      }),
    ];
  });
}
