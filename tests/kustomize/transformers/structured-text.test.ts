import { expect, test } from "vitest";
import { buildFiles } from "../engine.ts";
import { type Example, sameAsKustomize } from "./same-as-kustomize.ts";

const objects = `
apiVersion: v1
kind: ConfigMap
metadata: {name: target}
data:
  one-line: '{"b": {"url": "old", "port": 80, "html": "<a>&"}, "a": [1, 2.50, 5.0, true, null], "10": 1, "9": 2}'
  pretty.json: |
    {
      "b": {"url": "old", "empty": {}, "none": []},
      "a": [{"name": "x", "value": 1}, {"name": "y", "value": 2}]
    }
  app.yaml: |
    # how it runs
    server:
      url: old
  plain.yaml: |
    server:
      url: old
      quoted: "old"
      single: 'old'
      port: 80
      none:
      empty: ""
      block: |
        a
        b
      flow: {a: old, b: [1, 2]}
    list:
      - name: x
        value: 1
      - name: y
        value: old
      - - nested
    strings:
    - a
    - "80"

    last: true
  number: "5"
`;

function set(path: string, value: string, create = false): Example {
  return {
    kustomization: `
replacements:
- sourceValue: ${JSON.stringify(value)}
  targets:
  - {select: {name: target}, fieldPaths: ['${path}'], options: {create: ${create}}}
`,
    resources: objects,
  };
}

sameAsKustomize({
  "JSON on one line": set("data.one-line.b.url", "new"),
  "a number in JSON": set("data.one-line.b.port", "8080"),
  "a text over a number in JSON changes nothing": set("data.one-line.b.port", "x"),
  "an item in JSON": set("data.one-line.a.0", "3"),
  "a new field in JSON": set("data.one-line.b.made", "12", true),
  "JSON on many lines": set("data.[pretty.json].b.url", "new <x>"),
  "items of JSON that match": set("data.[pretty.json].a.[name=y].value", "3"),
  "a field that JSON lacks is refused": set("data.one-line.b.missing", "new"),
  "a text in YAML": set("data.[plain.yaml].server.url", "new"),
  "a text in YAML that needs quotes": set("data.[plain.yaml].server.url", "80"),
  "a text in YAML that has a colon": set("data.[plain.yaml].server.url", "a: b"),
  "a quoted text in YAML": set("data.[plain.yaml].server.quoted", "new"),
  "a single-quoted text in YAML": set("data.[plain.yaml].server.single", "it's"),
  "a number in YAML": set("data.[plain.yaml].server.port", "81"),
  "a flow in YAML": set("data.[plain.yaml].server.flow.a", "new"),
  "a list in YAML": set("data.[plain.yaml].list.[name=y].value", "new"),
  "a new field in YAML": set("data.[plain.yaml].server.made", "new", true),
  "a number that is all of the text": set("data.number.x", "new"),
});

/** Real kustomize keeps comments, and writes `!!int x` where a number was. */
test.each([
  ["data.[app.yaml].server.url", "comments"],
  ["data.[plain.yaml].server.port", 'its value "80" is of type integer'],
])("what we cannot write as Kustomize does is refused: %s", (path, reason) => {
  const { kustomization, resources } = set(path, "x");
  const files = {
    "kustomization.yaml": `resources: [resources.yaml]\n${kustomization}`,
    "resources.yaml": resources,
  };
  expect(buildFiles(files, ".")).toEqual({ error: expect.stringContaining(reason) });
});
