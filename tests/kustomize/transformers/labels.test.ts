import { sameAsKustomize } from "./same-as-kustomize.ts";

const workloads = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
          - labelSelector: {matchLabels: {app: web}}
          - labelSelector: {}
      topologySpreadConstraints:
      - labelSelector: {matchLabels: {app: web}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, labels: null}
spec:
  volumeClaimTemplates:
  - metadata: {name: data}
  - metadata: {name: more, labels: {tier: db}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: job}
spec: {jobTemplate: {spec: {selector: {matchLabels: {a: b}}}}}
---
apiVersion: v1
kind: Service
metadata: {name: web, labels: {team: old}}
---
apiVersion: example.com/v1
kind: Thing
metadata: {name: thing}
spec: {template: {metadata: {}}, selector: {x: y}}
`;

sameAsKustomize({
  "commonLabels go to selectors, templates and claims": {
    kustomization: "commonLabels: {team: a, app.kubernetes.io/part-of: b}",
    resources: workloads,
  },
  "labels go to the metadata alone": {
    kustomization: "labels: [{pairs: {team: a}}]",
    resources: workloads,
  },
  "includeTemplates adds the templates": {
    kustomization: "labels: [{pairs: {team: a}, includeTemplates: true}]",
    resources: workloads,
  },
  "fields of their own, one of which nothing has and one of which is created": {
    kustomization: `
labels:
- pairs: {team: a, number: "1"}
  fields:
  - {path: spec/selector, kind: Thing, create: true}
  - {path: spec/other/labels, kind: Thing, create: true}
  - {path: spec/none/labels, kind: Thing}
`,
    resources: workloads,
  },
  "a field that is there already must agree on create": {
    kustomization:
      "labels: [{pairs: {team: a}, includeSelectors: true, fields: [{path: metadata/labels, create: false}]}]",
    resources: workloads,
  },
  "a key that reads as a number is refused": {
    kustomization: 'labels: [{pairs: {"12": a}}]',
    resources: workloads,
  },
  "but not where it is there already": {
    kustomization: 'labels: [{pairs: {"12": a}}]',
    resources: '{apiVersion: v1, kind: Service, metadata: {name: a, labels: {"12": b}}}',
  },
  "a selector that is a list is refused": {
    kustomization: "commonLabels: {team: a}",
    resources: "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {selector: [a]}}",
  },
  "a text where a mapping should be is refused": {
    kustomization: "commonLabels: {team: a}",
    resources: "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: text}",
  },
  "nulls on the way": {
    kustomization: "commonLabels: {team: a}\ncommonAnnotations: {note: a}",
    resources: `
apiVersion: apps/v1
kind: Deployment
metadata: {name: a, labels: null, annotations: null}
spec: {selector: null, template: null}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: b}
spec: null
---
apiVersion: batch/v1
kind: Job
metadata: {name: c}
spec: {selector: {matchLabels: null}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: d}
spec: {volumeClaimTemplates: null}
`,
  },
  "commonAnnotations go to templates": {
    kustomization: 'commonAnnotations: {note: "1", other: "x: y"}',
    resources: workloads,
  },
  "annotations of any type become texts": {
    kustomization: "",
    resources: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  annotations: {n: null, f: 1.50, h: 0x10, m: {a: 1}, l: [1], s: "x", e: "", o: ~, config.kubernetes.io/origin: x}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: b, annotations: {}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c, annotations: {config.kubernetes.io/origin: x}}
`,
  },
});
