import { expect, test } from "vitest";
import type { LiveObject } from "../../scripts/rehearsal/cluster.ts";
import { containerCommand } from "../../scripts/rehearsal/programs/container.ts";

function deploymentOf(container: object): LiveObject {
  return {
    metadata: { name: "operator", namespace: "operators", uid: "" },
    spec: { template: { spec: { containers: [container, { args: ["--of-a-sidecar"] }] } } },
  };
}

test("containerCommand() gives a pod's namespace and literal values, and leaves out the rest", () => {
  const env = [
    { name: "GOGC", value: "30" },
    { name: "WATCH_NAMESPACE" },
    { name: "POD_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
    { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
  ];
  expect(containerCommand(deploymentOf({ env })).env).toEqual({
    GOGC: "30",
    WATCH_NAMESPACE: "",
    POD_NAMESPACE: "operators",
  });
});

test("containerCommand() replaces $(NAME) where the name is known, as Kubernetes does", () => {
  const env = [{ name: "POD_NAMESPACE", value: "operators" }];
  const args = ["--names=a.$(POD_NAMESPACE),b.$(POD_NAMESPACE).svc", "--secret=$(OTHER)"];
  expect(containerCommand(deploymentOf({ env, args })).args).toEqual([
    "--names=a.operators,b.operators.svc",
    "--secret=$(OTHER)",
  ]);
});

test("containerCommand() is empty where a container states neither", () => {
  expect(containerCommand(deploymentOf({}))).toEqual({ args: [], env: {} });
});
