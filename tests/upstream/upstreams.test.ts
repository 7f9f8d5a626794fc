import { expect, test, vi } from "vitest";
import { SlipwayError } from "../../scripts/errors.ts";
import type { UpstreamRequest } from "../../scripts/upstream/source.ts";
import { upstreamFolder } from "../../scripts/upstream/upstream.ts";
import { renderUpstreams } from "../../scripts/upstream/upstreams.ts";
import { folder } from "../tree/folder.ts";

vi.mock("../../scripts/upstream/upstream.ts");

const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.example.com }
spec:
  group: example.com
  versions: [{ name: v1, served: true, schema: { openAPIV3Schema: { type: object } } }]
`;

const files = {
  "config/kustomization.yaml": "resources: [definition.yaml]\n",
  "config/definition.yaml": definition,
};

const request: UpstreamRequest = {
  source: { repoURL: "https://example.com/a.git", targetRevision: "v1.0.0", path: "config" },
  application: "operator",
  namespace: "operators",
};

/** The repository is there from now on, and nothing has been asked of it. */
function present(): void {
  vi.mocked(upstreamFolder)
    .mockClear()
    .mockImplementation(async () => folder(files));
}

test("renderUpstreams() leaves out the schemas that no check reads", async () => {
  present();
  expect(await renderUpstreams([request], folder({}))).toEqual([
    {
      status: "rendered",
      manifests: [
        {
          apiVersion: "apiextensions.k8s.io/v1",
          kind: "CustomResourceDefinition",
          metadata: { name: "widgets.example.com" },
          spec: { group: "example.com", versions: [{ name: "v1", served: true }] },
        },
      ],
    },
  ]);
});

test("renderUpstreams() renders what several environments share once, and in a later run not at all", async () => {
  present();
  const directory = folder({});
  const [first] = await renderUpstreams([request, { ...request }], directory);
  expect(await renderUpstreams([request], directory)).toEqual([first]);
  expect(upstreamFolder).toHaveBeenCalledTimes(1);
});

test.each<[string, Partial<UpstreamRequest>]>([
  ["tag", { source: { ...request.source, targetRevision: "v1.0.1" } }],
  ["override", { source: { ...request.source, kustomize: { namespace: "x" } } }],
  ["namespace", { namespace: "other" }],
  ["Application", { application: "other" }],
])("renderUpstreams() renders again for another %s", async (_, change) => {
  present();
  await renderUpstreams([request, { ...request, ...change }], folder({}));
  expect(upstreamFolder).toHaveBeenCalledTimes(2);
});

test("renderUpstreams() tells what does not render from what is not to be had", async () => {
  present();
  vi.mocked(upstreamFolder).mockRejectedValueOnce(new SlipwayError("Cannot fetch it"));
  const elsewhere = { ...request, source: { ...request.source, path: "nowhere" } };
  const results = await renderUpstreams([request, elsewhere], folder({}));
  expect(results).toEqual([
    { status: "unavailable", reason: "Cannot fetch it" },
    {
      status: "refused",
      message:
        'Cannot render "nowhere" of "https://example.com/a.git": Cannot build "nowhere": there is no such directory, or it is empty',
    },
  ]);
});

test("renderUpstreams() keeps nothing of a source that was not to be had", async () => {
  present();
  vi.mocked(upstreamFolder).mockRejectedValueOnce(new SlipwayError("Cannot fetch it"));
  const directory = folder({});
  await renderUpstreams([request], directory);
  expect(await renderUpstreams([request], directory)).toMatchObject([{ status: "rendered" }]);
});

test("renderUpstreams() ends where a source is not what its checksum says", async () => {
  const error = new SlipwayError("go mod download says: SECURITY ERROR");
  vi.mocked(upstreamFolder).mockRejectedValueOnce(error);
  await expect(renderUpstreams([request], folder({}))).rejects.toThrow("SECURITY ERROR");
});
