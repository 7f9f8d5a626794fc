import type { KubernetesObject } from "@kubernetes/client-node";

/** The commit at which this was read out of backend/app/core/k8s_manager.py: a release of another needs another look. */
export const readAt = "f916410";

/** What the backend's code sends to the API server, field by field, for one version of an endpoint. */
export type Model = {
  readonly endpoint: string;
  readonly version: number;
  /** The backend's own HF_TOKEN, which it copies. @default "" */
  readonly token?: string;
};

export type Sent = KubernetesObject & { readonly [field: string]: unknown };

/** The three objects of a deployed model, in the order in which they are created. */
export function deployedObjects(model: Model): readonly [Sent, Sent, Sent] {
  return [deployment(model), service(model), autoscaler(model)];
}

/** Replicas, names, labels and resources are constants of the code. */
export function deployment({ endpoint, version, token = "" }: Model): Sent {
  const labels = {
    app: "slm-inference",
    endpoint_id: endpoint,
    version: String(version),
    mode: "endpoint",
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: `slm-${endpoint}-v${version}`, namespace: "understudy", labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: "slm-inference", endpoint_id: endpoint } },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: "slm-server",
              image: "bennyfriedman/understudy-slm-inference:latest-amd64",
              command: ["python", "main.py"],
              ports: [{ containerPort: 8000 }],
              env: [
                { name: "MODEL_BROKER_URL", value: "http://model-broker-service:8003" },
                { name: "ENDPOINT_ID", value: endpoint },
                { name: "VERSION", value: String(version) },
                { name: "MODEL_PATH", value: "/models" },
                { name: "HF_TOKEN", value: token },
              ],
              resources: {
                requests: { cpu: "2", memory: "6Gi" },
                limits: { cpu: "2", memory: "6Gi" },
              },
            },
          ],
        },
      },
    },
  };
}

/** Without labels; its selector does not ask for a mode. */
export function service({ endpoint }: Model): Sent {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: `slm-${endpoint}-svc`, namespace: "understudy" },
    spec: {
      type: "ClusterIP",
      selector: { app: "slm-inference", endpoint_id: endpoint },
      ports: [{ name: "http", port: 80, targetPort: 8000 }],
    },
  };
}

/** Without labels. */
export function autoscaler({ endpoint, version }: Model): Sent {
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: `slm-${endpoint}-hpa`, namespace: "understudy" },
    spec: {
      scaleTargetRef: {
        apiVersion: "apps/v1",
        kind: "Deployment",
        name: `slm-${endpoint}-v${version}`,
      },
      minReplicas: 1,
      maxReplicas: 5,
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
        },
      ],
    },
  };
}

/** The evaluation of one training, made at a second of the day. */
export function evaluation(
  { endpoint, version, token = "" }: Model,
  batch: string,
  time = "20261121093000",
): Sent {
  const trainId = `${endpoint}_20261120_181500`;
  const labels = {
    app: "slm-inference",
    mode: "batch",
    train_id: trainId,
    endpoint_id: endpoint,
  };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: `slm-eval-${trainId.slice(0, 8)}-${time}`,
      namespace: "understudy",
      labels,
    },
    spec: {
      backoffLimit: 3,
      ttlSecondsAfterFinished: 3600,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: "Never",
          containers: [
            {
              name: "slm-inference",
              image: "bennyfriedman/understudy-slm-inference:latest-amd64",
              imagePullPolicy: "Always",
              env: [
                { name: "MODEL_PATH", value: "/models" },
                { name: "ENDPOINT_ID", value: endpoint },
                { name: "VERSION", value: String(version) },
                { name: "MODE", value: "batch" },
                { name: "EVAL_BATCH_ID", value: batch },
                { name: "TRAIN_ID", value: trainId },
                { name: "BACKEND_URL", value: "http://backend-service:8000" },
                { name: "MODEL_BROKER_URL", value: "http://model-broker-service:8003" },
                { name: "HF_TOKEN", value: token },
              ],
              resources: {
                requests: { cpu: "1", memory: "6Gi" },
                limits: { cpu: "1", memory: "6Gi" },
              },
            },
          ],
        },
      },
    },
  };
}
