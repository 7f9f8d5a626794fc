import { expect, test } from "vitest";
import { baseline } from "../../policies/pod-security/baseline.ts";
import type { Control } from "../../policies/pod-security/control.ts";
import { restricted } from "../../policies/pod-security/restricted.ts";
import { podTemplateOf } from "../../policies/workload.ts";
import type { Resource } from "../../scripts/fleet/resource.ts";
import { describeCorpus } from "./corpus.ts";

/** Cases where Slipway is right to differ, with the reason. */
const exceptions = new Map([
  [
    "baseline/pass/sysctls1.yaml",
    "its sysctls are safe since Kubernetes 1.37; the clusters run 1.36, which refuses them",
  ],
]);

// Kubernetes' own test pods: a pod passes its level, or the check in its file name refuses it.
describeCorpus("pod-security", ({ cases, resources }) => {
  test.each(cases.filter(({ file }) => !exceptions.has(file)))("$file", (example) => {
    const controls = example.suite === "baseline" ? baseline : restricted;
    const complaints = resources(example.file).flatMap((pod) => complaintsAbout(pod, controls));
    if (example.expect === "pass") expect(complaints).toEqual([]);
    else expect(complaints.map(withoutLevel)).toContain(withoutLevel(example.rule));
  });

  test.each([...exceptions])("%s differs: %s", (file) => {
    const example = cases.find((one) => one.file === file);
    const complaints = resources(file).flatMap((pod) => complaintsAbout(pod, baseline));
    expect(example?.expect).toBe("pass");
    expect(complaints).toEqual(["sysctls", "sysctls"]);
  });
});

/** The ids of the checks that refuse a pod, once for each violation. */
function complaintsAbout(resource: Resource, controls: readonly Control[]): string[] {
  const pod = podTemplateOf(resource);
  return controls.flatMap(({ id, check }) => (pod ? [...check(pod)].map(() => id) : []));
}

/** `restricted` repeats some checks of `baseline` under another id. */
function withoutLevel(id: string): string {
  const name = id.toLowerCase().replace(/_(baseline|restricted)$/, "");
  return name === "hostpathvolumes" ? "restrictedvolumes" : name;
}
