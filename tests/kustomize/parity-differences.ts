/**
 * Cases of real kustomize's own tests that we answer in another way, with the reason. The list may
 * only shrink: a case that passes must leave it.
 */
export const parityDifferences: Readonly<Record<string, string>> = {};

/** What our message must say where kustomize refuses a case: both sides, and where it stands. */
export const refusals: Readonly<Record<string, RegExp>> = {
  "TestAccumulateResourcesErrors-4": /file-or-directory/,
  "TestAccumulateResourcesErrors-5": /file-or-directory/,
  "TestAccumulateResourcesErrors-6": /base\/resource\.yaml/,
  "TestAccumulateResourcesErrors-7": /base\/resource\.yaml/,
  "TestAccumulateResourcesErrors-8": /service\.yaml/,
  TestBaseMustHaveKustomizationFile: /base.*kustomization\.yaml/,
  TestBasicIO3812: /service\.yaml/,
  TestBlankNamespace4240: /RoleBinding.*test.*namespace/,
  "TestComponentErrors.components-cannot-add-bases-containing-the-same-resource":
    /Deployment.*proxy/,
  "TestComponentErrors.components-cannot-add-the-same-base": /Deployment/,
  "TestComponentErrors.components-cannot-add-the-same-resource": /Deployment.*proxy/,
  "TestComponentErrors.components-cannot-be-added-to-resources": /comp.*component.*resources/,
  "TestComponentErrors.files-cannot-be-added-to-components-list": /stub\.yaml/,
  TestConfigMapGeneratingIntoSameNamespace: /ConfigMap.*test/,
  TestCustomOpenApiFieldFileNotFound: /mycrd_schema\.json/,
  TestCustomOpenApiFieldNotBuiltin: /openapi|OpenAPI/,
  TestEmptyPatchesStrategicMergeFails: /empty-patch\.yaml|comments-patch\.yaml/,
  TestInvalidLegacySortOptionsWithFIFOOrder: /legacySortOptions.*fifo/,
  TestIssue1251_Patches_ProdVsDev_Failure: /patches\/patchAddProbe\.yaml/,
  TestSharedPatchDisAllowed: /shared\/deployment-patch\.yaml/,
  TestSortOrderGivenAsTransformer: /SortOrderTransformer/,
};
