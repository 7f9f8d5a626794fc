import { expect, test } from "vitest";
import { disruptionBudget } from "../../policies/disruption-budget.ts";
import { imagePinned } from "../../policies/image-pinned.ts";
import { podSecurityRestricted } from "../../policies/pod-security-restricted.ts";
import type { Policy } from "../../policies/policy.ts";
import { probesSet } from "../../policies/probes-set.ts";
import { resourcesSet } from "../../policies/resources-set.ts";
import { secretLiteral } from "../../policies/secret-literal.ts";
import { serviceAccountToken } from "../../policies/service-account-token.ts";
import { userNumeric } from "../../policies/user-numeric.ts";
import { policyFindings } from "../../scripts/checks/policies.ts";
import type { Resource } from "../../scripts/fleet/resource.ts";
import { type Case, describeCorpus } from "./corpus.ts";
import { target } from "./resources.ts";

/** Their rule, ours, and which of our findings speak about what theirs judges. */
type Mapping = readonly [rule: string, policy: Policy, about: RegExp];

describeCorpus("polaris", ({ cases, resources }) => {
  const mappings: Mapping[] = [
    ["automountServiceAccountToken", serviceAccountToken, /./],
    ["cpuRequestsMissing", resourcesSet, /CPU request/],
    ["memoryLimitsMissing", resourcesSet, /memory limit/],
    ["dangerousCapabilities", podSecurityRestricted, /adds the capability/],
    ["hostNetworkSet", podSecurityRestricted, /hostNetwork/],
    ["hostPIDSet", podSecurityRestricted, /hostPID/],
    ["hostProcess", podSecurityRestricted, /process of its node/],
    ["privilegeEscalationAllowed", podSecurityRestricted, /allowPrivilegeEscalation/],
    ["runAsPrivileged", podSecurityRestricted, /is privileged/],
    ["runAsRootAllowed", podSecurityRestricted, /runAsNonRoot/],
    ["sensitiveConfigmapContent", secretLiteral, /./],
    ["sensitiveContainerEnvVar", secretLiteral, /./],
    ["missingPodDisruptionBudget", disruptionBudget, /has no PodDisruptionBudget/],
    ["pdbDisruptionsIsZero", disruptionBudget, /never lets a pod go|sets both/],
    ["pdbMinAvailableGreaterThanHPAMinReplicas", disruptionBudget, /never lets a pod go/],
  ];
  const onePod = "it keeps one pod, which a budget could only pin to its node";
  compare(cases, resources, mappings, {
    "missingPodDisruptionBudget/failure": onePod,
    "missingPodDisruptionBudget/failure.empty-labels": onePod,
    "missingPodDisruptionBudget/failure.no-labels": onePod,
    "missingPodDisruptionBudget/failure.wrong-place": onePod,
    "pdbDisruptionsIsZero/success.none":
      "the disruption controller allows no disruption where neither field is set",
    "pdbMinAvailableGreaterThanHPAMinReplicas/success.hpa-no-match":
      "the only replica is kept by a budget that asks for five, whoever scales",
    "sensitiveConfigmapContent/failure.key_azure_batch_key":
      "a name that ends in KEY alone is more often a key of routing, caching or sorting",
  });
});

describeCorpus("gatekeeper-library", ({ cases, resources }) => {
  const mappings: Mapping[] = [
    ["k8spspautomountserviceaccounttokenpod", serviceAccountToken, /./],
    ["k8srequiredresources", resourcesSet, /./],
    ["k8sdisallowedtags", imagePinned, /a tag that moves|no tag/],
    ["k8spoddisruptionbudget", disruptionBudget, /./],
    ["k8spspallowprivilegeescalationcontainer", podSecurityRestricted, /allowPrivilegeEscalation/],
    ["k8spspallowedusers", userNumeric, /./],
    ["k8spspflexvolumes", podSecurityRestricted, /type "flexVolume"/],
    ["k8spsphostnamespace", podSecurityRestricted, /shares its node/],
    ["k8spsphostprobeslifecycle", podSecurityRestricted, /calls? the host/],
    ["k8spsphostprocess", podSecurityRestricted, /process of its node/],
    ["k8spspprivilegedcontainer", podSecurityRestricted, /is privileged/],
    ["k8spspprocmount", podSecurityRestricted, /procMount/],
    ["k8spspseccompv2", podSecurityRestricted, /seccomp/],
    ["k8spspvolumetypes", podSecurityRestricted, /Volume/],
  ];
  // The others are updates, which Gatekeeper lets through since the object exists already.
  const plain = cases.filter(({ note }) => !String(note).includes("AdmissionReview"));
  const exempt = "its constraint exempts the image by name";
  compare(plain, resources, mappings, {
    "disallowedtags/disallowed-tags/exempt-images-with-disallowed-tags": exempt,
    "privileged-containers/privileged-containers-disallowed/exempted-image": exempt,
    "seccompv2/seccomp-restricted/example-allowed-exempt-image": exempt,
    "seccompv2/seccomp-baseline/example-allowed-no-profile":
      "the level baseline lets a pod do without a profile, and ours is restricted",
    "flexvolume-drivers/flexvolume-drivers/example-allowed": "its constraint allows the driver",
  });
});

describeCorpus("kube-linter", ({ cases, resources }) => {
  const mappings: Mapping[] = [
    ["latest-tag", imagePinned, /a tag that moves/],
    ["env-var-secret", secretLiteral, /./],
    ["host-ipc", podSecurityRestricted, /hostIPC/],
    ["host-pid", podSecurityRestricted, /hostPID/],
    ["no-liveness-probe", probesSet, /liveness/],
    ["no-readiness-probe", probesSet, /readiness/],
    ["pdb-min-available", disruptionBudget, /never lets a pod go/],
    ["privilege-escalation-container", podSecurityRestricted, /allowPrivilegeEscalation/],
    ["sensitive-host-mounts", podSecurityRestricted, /type "hostPath"/],
    ["unsafe-sysctls", podSecurityRestricted, /sysctl/],
  ];
  const exceptions = new Map([
    ["env-var-secret: Deployment/app", '"SECRET_BLAH" ends in no word for a secret'],
    ["pdb-min-available: PodDisruptionBudget/baz", "its Deployment has no pod template"],
  ]);
  const flagged = mappings.flatMap(([rule, policy, about]) => {
    const example = cases.find((one) => one.rule === rule);
    const documents = example ? resources(example.file) : [];
    const ours = policyFindings(target, documents, [policy])
      .filter(({ message }) => about.test(message))
      .map(({ resource }) => resource);
    const theirs = (example?.flagged ?? []) as { kind: string; doc: number }[];
    return theirs
      .filter(({ kind }) => kind !== "DeploymentConfig") // OpenShift's, not a kind of ours
      .map(({ kind, doc }) => {
        const { name = "", namespace } = documents[doc]?.manifest.metadata ?? {};
        const id = [kind, namespace, name].filter(Boolean).join("/");
        return { title: `${rule}: ${kind}/${name}`, agrees: ours.includes(id) };
      });
  });

  test.each(flagged)("$title", ({ title, agrees }) => {
    expect(agrees).toBe(!exceptions.has(title));
  });

  test.each(mappings)("%s leaves alone what should not fire", (rule, policy, about) => {
    const example = cases.find((one) => one.rule === rule);
    const quiet = (example ? resources(example.file) : []).filter(({ manifest }) =>
      manifest.metadata.name.startsWith("dont-fire"),
    );
    const messages = policyFindings(target, quiet, [policy]).map(({ message }) => message);
    expect(messages.filter((message) => about.test(message))).toEqual([]);
  });
});

/** One test per case: we agree, or the case is an exception and we really differ. */
function compare(
  cases: readonly Case[],
  resources: (file: string) => Resource[],
  mappings: readonly Mapping[],
  exceptions: Readonly<Record<string, string>>,
): void {
  for (const [rule, policy, about] of mappings) {
    const own = cases.filter((example) => example.rule === rule);
    test.each(own.map((example) => ({ name: shortId(example), example })))(
      `${rule}: $name`,
      ({ name, example }) => {
        const inventory = (example.inventory ?? []) as string[];
        const objects = [example.file, ...inventory].flatMap(resources).map(withRealApi);
        const messages = policyFindings(target, objects, [policy]).map(({ message }) => message);
        const ours = messages.some((message) => about.test(message)) ? "fail" : "pass";
        expect(ours === example.expect).toBe(!(name in exceptions));
      },
    );
  }
  const names = new Set(cases.map(shortId));
  test("every exception is a case", () => {
    expect(Object.keys(exceptions).filter((name) => !names.has(name))).toEqual([]);
  });
}

/** `polaris/hostPIDSet/success` reads `hostPIDSet/success`; two folders less for Gatekeeper. */
function shortId({ id, suite }: Case): string {
  return id
    .split("/")
    .slice(suite === "gatekeeper-library" ? 2 : 1)
    .join("/");
}

/** Some files give a kind the API version `v1`, which it does not have. */
function withRealApi(resource: Resource): Resource {
  const { apiVersion, kind } = resource.manifest;
  const real = { Deployment: "apps/v1", PodDisruptionBudget: "policy/v1" }[kind];
  if (apiVersion !== "v1" || !real) return resource;
  return { ...resource, manifest: { ...resource.manifest, apiVersion: real } };
}
