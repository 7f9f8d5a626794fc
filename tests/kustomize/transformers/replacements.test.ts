import { type Example, sameAsKustomize } from "./same-as-kustomize.ts";

const objects = `
apiVersion: v1
kind: ConfigMap
metadata: {name: source, labels: {role: source}}
data:
  text: abc
  number: "80"
  integer: 5
  float: 1.5
  url: https://host.example.com:8443/path
  empty: ""
  none: null
  list: [a, b]
  map: {x: 1, y: two}
  emptyMap: {}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: target, annotations: {note: x}, labels: {role: target}}
data:
  text: old
  quoted: "old"
  integer: 1
  float: 2.5
  boolean: true
  none: null
  parts: a.b.c
  list: [x, y]
  map: {old: 1}
  items: [{name: one, value: 1}, {name: two, value: 2}, {name: "twenty", value: 20}]
  flat: [aa, ab, "bb", 7]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: prod}
spec:
  template:
    spec:
      containers:
      - {name: app, image: "app:1", env: [{name: A, value: x}]}
      - {name: side, image: "side:1"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec: {template: {spec: {containers: [{name: app, image: "app:1"}]}}}
`;

/** One replacement from a field of the source to fields of the target. */
function copy(from: string, to: string, options = "", sourceOptions = ""): Example {
  return {
    kustomization: `
replacements:
- source: {kind: ConfigMap, name: source, fieldPath: "${from}"${sourceOptions && `, options: {${sourceOptions}}`}}
  targets:
  - select: {kind: ConfigMap, name: target}
    fieldPaths: [${to}]
    ${options && `options: {${options}}`}
`,
    resources: objects,
  };
}

function into(target: string, value = "sourceValue: new"): Example {
  return { kustomization: `replacements: [{${value}, targets: [${target}]}]`, resources: objects };
}

const image = "spec.template.spec.containers.[name=app].image";

sameAsKustomize({
  "a text over texts": copy("data.text", "data.text, data.quoted"),
  "a number in quotes over texts": copy("data.number", "data.text, data.quoted"),
  "a number in quotes over a number": copy("data.number", "data.integer, data.float"),
  "an integer over a text": copy("data.integer", "data.text, data.quoted"),
  "a text over a number is refused": copy("data.text", "data.integer"),
  "a float over an integer is refused": copy("data.float", "data.integer"),
  "a text over a boolean is refused": copy("data.text", "data.boolean"),
  "a text over a null is refused": copy("data.text", "data.none"),
  "an empty text": copy("data.empty", "data.text"),
  "a null as source is refused": copy("data.none", "data.text"),
  "an empty mapping as source is refused": copy("data.emptyMap", "data.map"),
  "a missing source is refused": copy("data.missing", "data.text"),
  "a source below a text is refused": copy("data.text.deep", "data.text"),
  "a mapping over a mapping": copy("data.map", "data.map"),
  "a mapping over a text": copy("data.map", "data.text"),
  "a list over a mapping": copy("data.list", "data.map"),
  "a text over a list": copy("data.text", "data.list"),
  "an item of a list": copy("data.list.1", "data.list.0"),
  "the last item": copy("data.list.-", "data.text"),
  "an item that is not there": copy("data.list.7", "data.text"),
  "an item to append": copy("data.text", "data.list.2", "create: true"),
  "an item too far": copy("data.text", "data.list.3", "create: true"),
  "a wildcard in the source is refused": copy("data.list.*", "data.text"),
  "every item": copy("data.text", '"data.items.*.value"'),
  "every item, as a text": copy("data.text", '"data.items.*.name"'),
  "items that match": copy("data.number", '"data.items.[name=tw].value"'),
  "an item that matches as a whole": copy("data.number", '"data.items.[name=^two$].value"'),
  "an item in quotes that matches as a whole": copy(
    "data.number",
    '"data.items.[name=^twenty$].value"',
  ),
  "single values that match": copy("data.text", '"data.flat.[=^a]"'),
  "a number that matches": copy("data.text", '"data.flat.[=7]"'),
  "items that do not match": copy("data.number", '"data.items.[name=none].value"'),
  "an item to make": copy("data.number", '"data.items.[name=none].value"', "create: true"),
  "a single value to make": copy("data.text", '"data.flat.[=zz]"', "create: true"),
  "a field to make": copy("data.number", "data.made, spec.deep.made", "create: true"),
  "a text to make": copy("data.text", "data.made, spec.list.0.made", "create: true"),
  "a mapping to make": copy("data.map", "spec.made", "create: true"),
  "a field that is missing": copy("data.text", "data.missing"),
  "a field below a null": copy("data.text", "data.none.deep", "create: true"),
  "a field below a text": copy("data.text", "data.text.deep"),
  "a field below a text to make": copy("data.text", "data.text.deep", "create: true"),
  "an annotation with dots": copy("data.text", '"metadata.annotations.[a.b/c]"', "create: true"),
  "a key with escaped dots": copy("data.text", "'metadata.annotations.a\\.b/c'", "create: true"),
  "a part of the source": copy("data.url", "data.text", "", "delimiter: '/', index: 2"),
  "no such part of the source": copy("data.url", "data.text", "", "delimiter: '/', index: 9"),
  "a part of a list is refused": copy("data.list", "data.text", "", "delimiter: '/'"),
  "a part of the target": copy("data.text", "data.parts", "delimiter: '.', index: 1"),
  "before the parts": copy("data.text", "data.parts", "delimiter: '.', index: -1"),
  "after the parts": copy("data.text", "data.parts", "delimiter: '.', index: 9"),
  "a part of a list as target is refused": copy("data.text", "data.list", "delimiter: '.'"),
  "a part of a number": copy("data.number", "data.float", "delimiter: '.', index: 1"),
  "a part of what is made": copy("data.text", "data.made", "delimiter: '.', create: true"),
  "the name where no path is given": into("{select: {kind: Deployment, name: api}}"),
  "a value of the kustomization": into(
    "{select: {kind: ConfigMap, name: target}, fieldPaths: [data.text, data.quoted, data.list]}",
    'sourceValue: "12"',
  ),
  "a value made": into(
    "{select: {name: target}, fieldPaths: [data.made], options: {create: true}}",
    'sourceValue: "12"',
  ),
  "an empty value": into("{select: {name: target}, fieldPaths: [data.text]}", 'sourceValue: ""'),
  "every object of a kind": into(`{select: {kind: Deployment}, fieldPaths: ["${image}"]}`),
  "a kind as a pattern": into(`{select: {kind: "Dep.*", name: "a.*"}, fieldPaths: ["${image}"]}`),
  "a group and version": into(`{select: {group: apps, version: v1}, fieldPaths: ["${image}"]}`),
  "a namespace": into(`{select: {kind: Deployment, namespace: prod}, fieldPaths: ["${image}"]}`),
  "the namespace of what has none": into(
    `{select: {kind: Deployment, namespace: default}, fieldPaths: ["${image}"]}`,
  ),
  "an object to leave out": into(
    `{select: {kind: Deployment}, reject: [{name: web}], fieldPaths: ["${image}"]}`,
  ),
  "objects to leave out by namespace": into(
    `{select: {kind: Deployment}, reject: [{namespace: prod, kind: Deployment}], fieldPaths: ["${image}"]}`,
  ),
  "objects by label": into('{select: {labelSelector: "role=target"}, fieldPaths: [data.text]}'),
  "objects to leave out by label": into(
    '{select: {kind: ConfigMap}, reject: [{labelSelector: "role=source"}], fieldPaths: [data.parts]}',
  ),
  "objects to leave out by label or kind": into(
    '{select: {kind: ConfigMap}, reject: [{labelSelector: "role=source", kind: Other}], fieldPaths: [data.parts]}',
  ),
  "nothing selected": into("{select: {kind: Other}, fieldPaths: [data.parts]}"),
  "no select is refused": into("{fieldPaths: [data.parts]}"),
  "no target is an empty list": {
    kustomization: "replacements: [{sourceValue: a, targets: []}]",
    resources: objects,
  },
  "no targets are refused": {
    kustomization: "replacements: [{sourceValue: a}]",
    resources: objects,
  },
  "two kinds of source are refused": into(
    "{select: {kind: ConfigMap}}",
    "sourceValue: a, source: {name: source}",
  ),
  "no source is refused": into("{select: {kind: ConfigMap}}", "source: null"),
  "several sources are refused": into("{select: {kind: ConfigMap}}", "source: {kind: Deployment}"),
  "an unknown source is refused": into("{select: {kind: ConfigMap}}", "source: {kind: Other}"),
  "a source in its namespace": into(
    "{select: {name: target}, fieldPaths: [data.text]}",
    "source: {kind: Deployment, namespace: prod}",
  ),
  "a source in the default namespace": into(
    "{select: {name: target}, fieldPaths: [data.text]}",
    "source: {kind: Deployment, namespace: default}",
  ),
  "one after the other": {
    kustomization: `
replacements:
- source: {kind: ConfigMap, name: source, fieldPath: data.text}
  targets: [{select: {name: target}, fieldPaths: [data.text, metadata.name]}]
- source: {kind: ConfigMap, name: abc, fieldPath: data.text}
  targets: [{select: {name: web}, fieldPaths: [metadata.namespace]}]
`,
    resources: objects,
  },
  "a source that is its own target": {
    kustomization: `
replacements:
- source: {kind: ConfigMap, name: source, fieldPath: data.text}
  targets:
  - select: {kind: ConfigMap, name: source}
    fieldPaths: [data.text]
    options: {delimiter: ".", index: 1}
  - select: {kind: ConfigMap, name: target}
    fieldPaths: [data.text]
`,
    resources: objects,
  },
  "names from before a prefix": {
    kustomization: `
namePrefix: a-
namespace: new
replacements:
- source: {kind: Deployment, name: web}
  targets: [{select: {name: target}, fieldPaths: [data.text]}]
- source: {kind: Deployment, name: web, namespace: prod}
  targets: [{select: {name: a-target, namespace: new}, fieldPaths: [data.quoted]}]
- source: {kind: Deployment, name: web, namespace: prod}
  targets: [{select: {name: target, namespace: default}, fieldPaths: [data.parts]}]
`,
    resources: objects,
  },
});
