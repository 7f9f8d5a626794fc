import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { answer, type Client, clientAs, clientOf } from "../understudy/client.ts";
import {
  autoscaler,
  deployment,
  evaluation,
  type Model,
  type Sent,
  service,
} from "../understudy/objects.ts";
import { type ApiServer, openApiServer, rendered } from "./api-server.ts";

const model: Model = { endpoint: "0b6cf9a1-3c57-4d2e-9f10-7a8e5b1c2d3f", version: 3 };

/** For each validating policy something that it refuses and no other. */
const refusedByOne: readonly (readonly [sent: Sent, words: string])[] = [
  [named(evaluation(model, "b"), "x"), "by the names that its code gives"],
  [largest(autoscaler(model), 6), "one to five replicas"],
  [
    edit(service(model), ({ spec }) => {
      spec.type = "LoadBalancer";
    }),
    "inside the cluster only",
  ],
  [
    edit(deployment(model), ({ spec }) => {
      spec.replicas = 2;
    }),
    "begins with one replica",
  ],
];

let server: ApiServer;
let backend: Client;
let admin: Client;

const labels = {
  app: "slm-inference",
  endpoint_id: model.endpoint,
  version: "3",
  mode: "endpoint",
};

const pod = {
  serviceAccountName: "slm-inference",
  serviceAccount: "slm-inference",
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 999,
    runAsGroup: 999,
    fsGroup: 999,
    seccompProfile: { type: "RuntimeDefault" },
  },
  volumes: [{ name: "scratch", emptyDir: { sizeLimit: "14Gi" } }],
  dnsPolicy: "ClusterFirst",
  schedulerName: "default-scheduler",
};

const container = {
  image: "europe-west4-docker.pkg.dev/example-dev/slipway/understudy-slm-inference:0.0.0-f916410",
  imagePullPolicy: "IfNotPresent",
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    readOnlyRootFilesystem: true,
  },
  volumeMounts: [
    { name: "scratch", mountPath: "/models", subPath: "models" },
    { name: "scratch", mountPath: "/app/.cache/huggingface", subPath: "huggingface" },
    { name: "scratch", mountPath: "/tmp", subPath: "tmp" },
  ],
  terminationMessagePath: "/dev/termination-log",
  terminationMessagePolicy: "File",
};

const token = {
  name: "HF_TOKEN",
  valueFrom: {
    secretKeyRef: { name: "understudy-secrets", key: "HF_TOKEN", optional: true },
  },
};

beforeAll(async () => {
  server = await openApiServer();
  const namespaces = await rendered("clusters/dev", ["Namespace"]);
  const objects = await rendered("overlays/dev/understudy", [
    "ServiceAccount",
    "ConfigMap",
    "Role",
    "RoleBinding",
    "ClusterRole",
    "ClusterRoleBinding",
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
  ]);
  for (const object of [...namespaces, ...objects]) await server.cluster.apply(object);
  admin = clientOf(server.kubeconfig);
  backend = await clientAs("backend-service", server);
  // The API server reads its policies anew a moment after they have changed.
  await vi.waitFor(
    async () => {
      const { spec } = await admin.tryCreate(deployment(model));
      expect(spec.template.spec.serviceAccountName).toBe("slm-inference");
      expect((await admin.tryCreate(service(model))).metadata.labels).toBeDefined();
      for (const [sent, words] of refusedByOne) {
        expect(await answer(backend.tryCreate(sent))).toContain(words);
      }
    },
    { timeout: 30_000, interval: 200 },
  );
});
afterAll(() => server?.close());

describe("an endpoint's Deployment", () => {
  it("gets image, probes, scratch, security context and the token by reference", async () => {
    const { metadata, spec } = await backend.tryCreate(deployment({ ...model, token: "hf_plain" }));
    expect(metadata.labels).toEqual(labels);
    expect(spec.selector.matchLabels).toEqual({
      app: "slm-inference",
      endpoint_id: model.endpoint,
      mode: "endpoint",
    });
    expect(spec.replicas).toBe(1);
    expect(spec.template.metadata.labels).toEqual(labels);
    expect(spec.template.spec).toEqual({
      ...pod,
      restartPolicy: "Always",
      terminationGracePeriodSeconds: 60,
      containers: [
        {
          ...container,
          name: "slm-server",
          command: ["python", "main.py"],
          ports: [{ containerPort: 8000, protocol: "TCP" }],
          env: [
            { name: "MODEL_BROKER_URL", value: "http://model-broker-service:8003" },
            { name: "ENDPOINT_ID", value: model.endpoint },
            { name: "VERSION", value: "3" },
            { name: "MODEL_PATH", value: "/models" },
            token,
          ],
          resources: {
            requests: { cpu: "2", memory: "6Gi", "ephemeral-storage": "10Gi" },
            limits: { cpu: "2", memory: "6Gi", "ephemeral-storage": "15Gi" },
          },
          lifecycle: { preStop: { sleep: { seconds: 5 } } },
          startupProbe: probe({ periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 120 }),
          readinessProbe: probe({ periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 4 }),
          livenessProbe: probe({ periodSeconds: 30, timeoutSeconds: 10, failureThreshold: 10 }),
        },
      ],
    });
  });

  it("is made the same way whether the backend has a token or not", async () => {
    const [without, plain] = await Promise.all([
      backend.tryCreate(deployment(model)),
      backend.tryCreate(deployment({ ...model, token: "hf_plain" })),
    ]);
    expect(without.spec).toEqual(plain.spec);
  });

  it("is left alone where nobody is asked to serve by it", async () => {
    const other = edit(deployment(model), (sent) => {
      sent.metadata.namespace = "monitoring";
    });
    const { spec } = await admin.tryCreate(other);
    expect(spec.template.spec.containers[0].image).toBe(
      "bennyfriedman/understudy-slm-inference:latest-amd64",
    );
  });
});

describe("an evaluation's Job", () => {
  it("gets the same, and no probes: it never listens", async () => {
    const { metadata, spec } = await backend.tryCreate(evaluation(model, "batch-1"));
    expect(metadata.name).toBe("slm-eval-0b6cf9a1-20261121093000");
    expect(spec).toMatchObject({ backoffLimit: 3, ttlSecondsAfterFinished: 3600 });
    expect(spec.template.metadata.labels).toMatchObject({ app: "slm-inference", mode: "batch" });
    expect(spec.template.spec).toEqual({
      ...pod,
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 30,
      containers: [
        {
          ...container,
          name: "slm-inference",
          env: [
            { name: "MODEL_PATH", value: "/models" },
            { name: "ENDPOINT_ID", value: model.endpoint },
            { name: "VERSION", value: "3" },
            { name: "MODE", value: "batch" },
            { name: "EVAL_BATCH_ID", value: "batch-1" },
            { name: "TRAIN_ID", value: `${model.endpoint}_20261120_181500` },
            { name: "BACKEND_URL", value: "http://backend-service:8000" },
            { name: "MODEL_BROKER_URL", value: "http://model-broker-service:8003" },
            token,
          ],
          resources: {
            requests: { cpu: "1", memory: "6Gi", "ephemeral-storage": "10Gi" },
            limits: { cpu: "1", memory: "6Gi", "ephemeral-storage": "15Gi" },
          },
        },
      ],
    });
  });
});

describe("an endpoint's Service and autoscaler", () => {
  it("get labels, by which they are found and cleaned up", async () => {
    for (const sent of [service(model), autoscaler(model)]) {
      const { metadata } = await backend.tryCreate(sent);
      expect(metadata.labels).toEqual({
        app: "slm-inference",
        endpoint_id: model.endpoint,
        mode: "endpoint",
      });
    }
  });

  it("leaves the pods of evaluations out of the Service", async () => {
    const { spec } = await backend.tryCreate(service(model));
    expect(spec.selector).toEqual({
      app: "slm-inference",
      endpoint_id: model.endpoint,
      mode: "endpoint",
    });
  });
});

/** Of no endpoint that the backend's code could have made. */
const mine: Model = { endpoint: "mine", version: 3 };
const names = "the backend may only make and delete what belongs to an SLM";

it.each<[what: string, sent: Sent, words: string]>([
  // Each agrees with itself, so the policies of workloads, Services and autoscalers have nothing against it
  ["a Deployment by another name", deployment(mine), names],
  ["a Service by another name", service(mine), names],
  ["an autoscaler by another name", autoscaler(mine), names],
  ["a Job by another name", named(evaluation(model, "b"), "slm-eval-now"), names],
  [
    "a Deployment without the labels of an SLM",
    edit(deployment(model), (sent) => {
      sent.metadata.labels = {};
    }),
    "an SLM and its pods need the labels",
  ],
  [
    "pods that pass for another workload's",
    edit(deployment(model), ({ spec }) => {
      spec.template.metadata.labels.app = "backend";
      spec.selector.matchLabels.app = "backend";
    }),
    "an SLM and its pods need the labels",
  ],
  [
    "an evaluation that passes for an endpoint",
    edit(evaluation(model, "b"), ({ spec }) => {
      spec.template.metadata.labels.mode = "endpoint";
    }),
    "an SLM and its pods need the labels",
  ],
  [
    "a Deployment of another endpoint than its name says",
    named(deployment(model), "slm-00000000-0000-0000-0000-000000000000-v3"),
    "has to be that of its labels",
  ],
  [
    "more replicas than one",
    edit(deployment(model), ({ spec }) => {
      spec.replicas = 2;
    }),
    "begins with one replica",
  ],
  [
    "evaluations side by side",
    edit(evaluation(model, "b"), ({ spec }) => {
      spec.parallelism = 2;
    }),
    "one pod at a time",
  ],
  [
    "a second container",
    edit(deployment(model), ({ spec }) => {
      spec.template.spec.containers.push({ name: "miner", image: "miner" });
    }),
    "an SLM has one container",
  ],
  [
    "a container that runs before",
    edit(deployment(model), ({ spec }) => {
      spec.template.spec.initContainers = [{ name: "miner", image: "miner" }];
    }),
    "an SLM has one container",
  ],
  [
    "another Secret in its settings",
    edit(deployment(model), ({ spec }) => {
      spec.template.spec.containers[0].env.push({
        name: "KEY",
        valueFrom: { secretKeyRef: { name: "understudy-secrets", key: "OPENAI_API_KEY" } },
      });
    }),
    "reads no Secret but the token's",
  ],
  [
    "a whole Secret as settings",
    edit(evaluation(model, "b"), ({ spec }) => {
      spec.template.spec.containers[0].envFrom = [{ secretRef: { name: "understudy-secrets" } }];
    }),
    "reads no Secret but the token's",
  ],
  [
    "more memory than any SLM has",
    edit(deployment(model), ({ spec }) => {
      spec.template.spec.containers[0].resources.limits.memory = "9Gi";
    }),
    "of at most 4 CPU and 8Gi",
  ],
  [
    "more processors than any SLM has",
    edit(evaluation(model, "b"), ({ spec }) => {
      spec.template.spec.containers[0].resources.limits.cpu = "4500m";
    }),
    "of at most 4 CPU and 8Gi",
  ],
  [
    "a limit that is left out",
    edit(deployment(model), ({ spec }) => {
      delete spec.template.spec.containers[0].resources.limits.memory;
    }),
    "of at most 4 CPU and 8Gi",
  ],
  [
    "a Service of other pods",
    edit(service(model), ({ spec }) => {
      spec.selector.app = "postgres";
    }),
    "selects the pods of the endpoint",
  ],
  [
    "a Service of another endpoint",
    edit(service(model), ({ spec }) => {
      spec.selector.endpoint_id = "00000000-0000-0000-0000-000000000000";
    }),
    "selects the pods of the endpoint",
  ],
  [
    "a Service for the world",
    edit(service(model), ({ spec }) => {
      spec.type = "LoadBalancer";
    }),
    "inside the cluster only",
  ],
  [
    "a Service at an address outside",
    edit(service(model), ({ spec }) => {
      spec.externalIPs = ["192.0.2.1"];
    }),
    "inside the cluster only",
  ],
  [
    "an autoscaler of another workload",
    edit(autoscaler(model), ({ spec }) => {
      spec.scaleTargetRef.name = "backend";
    }),
    "scales the endpoint that it is named after",
  ],
  ["an autoscaler to six replicas", largest(autoscaler(model), 6), "one to five replicas"],
])("the backend is refused %s", async (_, sent, words) => {
  const refusal = await answer(backend.tryCreate(sent));
  expect(refusal).toMatch(/^(403|422) .*ValidatingAdmissionPolicy 'understudy-/);
  expect(refusal).toContain(words);
});

it("the backend is refused to delete what is not an SLM's, though its Role would allow it", async () => {
  const database = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "redis-service", namespace: "understudy" },
    spec: { ports: [{ port: 6379 }] },
  };
  await admin.create(database);
  expect(await answer(backend.remove(database))).toContain(names);
  await admin.remove(database);
});

it("every validating expression has the types that the API server knows", async () => {
  const group = "admissionregistration.k8s.io/v1";
  const warnings = await vi.waitFor(
    async () => {
      const policies = await server.cluster.list(group, "ValidatingAdmissionPolicy");
      expect(policies.map(({ status }) => status?.observedGeneration)).toEqual([1, 1, 1, 1]);
      return policies.flatMap(({ status }) => status.typeChecking.expressionWarnings ?? []);
    },
    { timeout: 30_000, interval: 200 },
  );
  expect(warnings).toEqual([]);
});

it("nothing is made while the released image cannot be read", async () => {
  const config = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "slm-inference", namespace: "understudy" },
  };
  const { data } = await admin.read(config);
  await admin.remove(config);
  await vi.waitFor(
    async () => {
      expect(await answer(backend.tryCreate(deployment(model)))).toMatch(
        /^403 .*no params found for policy binding/,
      );
    },
    { timeout: 10_000, interval: 200 },
  );
  await admin.create({ ...config, data });
});

it("what no mutation has reached is refused", async () => {
  await admin.remove({
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingAdmissionPolicyBinding",
    metadata: { name: "understudy-slm-workloads" },
  });
  await vi.waitFor(
    async () => {
      for (const sent of [deployment(model), evaluation(model, "b")]) {
        expect(await answer(backend.tryCreate(sent))).toContain(
          "the image that is released for it",
        );
      }
    },
    { timeout: 10_000, interval: 200 },
  );
});

// biome-ignore lint/suspicious/noExplicitAny: a test breaks whatever field it is about.
function edit(sent: Sent, change: (copy: any) => void): Sent {
  const copy = structuredClone(sent);
  change(copy);
  return copy;
}

function named(sent: Sent, name: string): Sent {
  return edit(sent, ({ metadata }) => {
    metadata.name = name;
  });
}

function largest(sent: Sent, maxReplicas: number): Sent {
  return edit(sent, ({ spec }) => {
    spec.maxReplicas = maxReplicas;
  });
}

function probe(times: object): object {
  const httpGet = { path: "/health", port: 8000, scheme: "HTTP" };
  return { httpGet, successThreshold: 1, ...times };
}
