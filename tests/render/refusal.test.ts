import { describe, expect, it } from "vitest";
import { refusalFinding } from "../../scripts/render/refusal.ts";
import { readSources } from "../../scripts/render/sources.ts";
import { memoryTree } from "../../scripts/tree/memory.ts";
import { router } from "./tree.ts";

const root = "/tmp/slipway-render-x";
const overlay = `${root}/overlays/dev/router`;
const base = `${root}/base/router`;
const intoBase = `Error: accumulating resources: accumulation err='accumulating resources from '0': '${root}/batch-1/0' must resolve to a file': recursed accumulation of path '${root}/batch-1/0': accumulating resources: accumulation err='accumulating resources from '../../overlays/dev/router': '${overlay}' must resolve to a file': recursed accumulation of path '${overlay}': accumulating resources: accumulation err='accumulating resources from '../../../base/router': '${base}' must resolve to a file': recursed accumulation of path '${base}': `;
const intoComponent = `Error: accumulating components: accumulateDirectory: "recursed accumulation of path '${root}/clusters/dev/environment': accumulating components: accumulateDirectory: \\"recursed accumulation of path '${root}/base/components/environment': `;

const sources = readSources(
  memoryTree({
    "overlays/dev/router/kustomization.yaml":
      "namespace: x\nresources:\n  - ../../../base/router\ncomponents:\n  - release\npatches:\n  - path: patch-storage.yaml\nconfigMapGenerator:\n  - name: confg\n    behavior: merge\npatchs: []\n",
    "overlays/dev/router/patch-storage.yaml":
      "kind: PersistentVolumeClaim\nmetadata:\n  name: cash\n",
    "base/router/kustomization.yaml": "resources:\n  - service.yaml\n",
    "base/router/service.yaml": "kind: Service\nmetadata:\n  name: router\n",
    "base/components/environment/kustomization.yaml": "replacements:\n  - path: domain.yaml\n",
    "base/components/environment/domain.yaml": "source:\n  fieldPath: data.domin\n",
  }),
);

describe("refusalFinding()", () => {
  it.each<[string, string, string, string]>([
    [
      "an unknown field",
      `Error: invalid Kustomization: json: unknown field "patchs"\n`,
      'Unknown field "patchs": kustomize cannot build "overlays/dev/router"',
      "overlays/dev/router/kustomization.yaml:11",
    ],
    [
      "a patch without an object",
      `Error: no resource matches strategic merge patch "PersistentVolumeClaim.v1.[noGrp]/cash.[noNs]": no matches for Id PersistentVolumeClaim.v1.[noGrp]/cash.[noNs]; failed to find unique target for patch PersistentVolumeClaim.v1.[noGrp]/cash.[noNs]\n`,
      'No resource matches strategic merge patch PersistentVolumeClaim "cash": kustomize cannot build "overlays/dev/router"',
      "overlays/dev/router/patch-storage.yaml:3",
    ],
    [
      "a generator that merges with nothing",
      `Error: merging from generator &{0x3d41468a1110 <nil>}: id resid.ResId{Gvk:resid.Gvk{Group:"", Version:"v1", Kind:"ConfigMap", isClusterScoped:false}, Name:"confg", Namespace:""} does not exist; cannot merge or replace\n`,
      'There is no ConfigMap "confg" to merge with: kustomize cannot build "overlays/dev/router"',
      "overlays/dev/router/kustomization.yaml:9",
    ],
    [
      "an object of the base without a name",
      `${intoBase}accumulating resources: accumulation err='accumulating resources from 'service.yaml': missing metadata.name in object {{v1 Service} {{ } map[] map[]}}': must build at directory: '${base}/service.yaml': file is not directory\n`,
      'Missing metadata.name: kustomize cannot build "base/router"',
      "base/router/service.yaml:1",
    ],
    [
      "an object twice",
      `${intoBase}accumulating resources: accumulation err='merging resources from 'service.yaml': may not add resource with an already registered id: Service.v1.[noGrp]/router.[noNs]': must build at directory: '${base}/service.yaml': file is not directory\n`,
      'May not add resource with an already registered id: Service "router": kustomize cannot build "base/router"',
      "base/router/service.yaml:3",
    ],
    [
      "a replacement of a component in a component",
      `${intoComponent}fieldPath \`data.domin\` is missing for replacement source ConfigMap.[noVer].[noGrp]/environment.[noNs]\\""\n`,
      'fieldPath `data.domin` is missing for replacement source ConfigMap "environment": kustomize cannot build "base/components/environment"',
      "base/components/environment/domain.yaml:2",
    ],
    [
      "a patch outside the directory",
      `Error: trouble configuring builtin PatchTransformer with config: \`\npath: ../patch.yaml\n\`: failed to get the patch file from path(../patch.yaml): security; file '${root}/overlays/dev/patch.yaml' is not in or below '${overlay}'\n`,
      `Failed to get the patch file from path(../patch.yaml): security; file 'overlays/dev/patch.yaml' is not in or below 'overlays/dev/router': kustomize cannot build "overlays/dev/router"`,
      "overlays/dev/patch.yaml:1",
    ],
    [
      "a component that is none",
      `Error: accumulating components: accumulateDirectory: "expected kind 'Component' for path '${overlay}/release' but got 'Kustomization'"\n`,
      `Expected kind 'Component' for path 'overlays/dev/router/release' but got 'Kustomization': kustomize cannot build "overlays/dev/router"`,
      "overlays/dev/router/kustomization.yaml:5",
    ],
    [
      "words never heard before",
      "Error: something new\n",
      'Something new: kustomize cannot build "overlays/dev/router"',
      "overlays/dev/router/kustomization.yaml:1",
    ],
  ])("puts %s into one sentence with its place", (_, stderr, message, place) => {
    const finding = refusalFinding(sources, router, root, stderr);
    expect(finding.message).toBe(message);
    expect(`${finding.place.file}:${finding.place.line}`).toBe(place);
    expect(finding).toMatchObject({ rule: "render", severity: "error", target: router });
  });
});
