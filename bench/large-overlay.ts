/**
 * An overlay over a base of so many objects, half of them Deployments: prefix, namespace, labels,
 * images and one patch over all Deployments.
 */
export function largeOverlay(objects: number): Readonly<Record<string, string>> {
  const systems = Array.from({ length: objects / 4 }, (_, index) => system(`system-${index}`));
  return {
    "base/kustomization.yaml": "resources:\n  - all.yaml\n",
    "base/all.yaml": systems.join("---\n"),
    "overlay/kustomization.yaml": overlay,
  };
}

/** Two Deployments, a Service and a ConfigMap that they refer to. */
function system(name: string): string {
  return [
    deployment(`${name}-api`, name),
    deployment(`${name}-worker`, name),
    `apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector:
    app: ${name}-api
  ports:
    - port: 80
      targetPort: http
`,
    `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
data:
  mode: plain
`,
  ].join("---\n");
}

function deployment(name: string, config: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: 2
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      containers:
        - name: main
          image: example.com/app:1.0.0
          ports:
            - name: http
              containerPort: 8080
          env:
            - name: LEVEL
              value: info
          envFrom:
            - configMapRef:
                name: ${config}
          resources:
            requests:
              cpu: 100m
              memory: 64Mi
            limits:
              memory: 128Mi
`;
}

const overlay = `namePrefix: prod-
namespace: prod
resources:
  - ../base
labels:
  - pairs:
      team: bench
    includeSelectors: true
images:
  - name: example.com/app
    newTag: 2.0.0
patches:
  - target:
      kind: Deployment
    patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: any
      spec:
        template:
          spec:
            containers:
              - name: main
                resources:
                  limits:
                    memory: 256Mi
`;
