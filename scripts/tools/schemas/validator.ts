/** What a validator says about one value, in ajv's words. */
export type ValueError = {
  /** A JSON pointer: `/spec/replicas`. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
};

/** The validator of one kind: what is wrong with an object's values; unknown fields are fine by it. */
export type Validate = (manifest: object) => readonly ValueError[];

/** Loads the validators of kinds, from the modules that `modelOf` names. */
export async function loadValidators(models: readonly string[]): Promise<Map<string, Validate>> {
  const validators = await quietly(() => Promise.all(models.map(loadValidator)));
  return new Map(models.map((model, index) => [model, validators[index] ?? (() => [])]));
}

async function loadValidator(model: string): Promise<Validate> {
  const kind = model.slice(model.lastIndexOf("/") + 1);
  const module = await import(/* @vite-ignore */ model);
  const Model: new (data: object) => { validate(): void } = module[kind];
  return (manifest) => {
    try {
      new Model(manifest).validate();
      return [];
    } catch (error) {
      if (!(error instanceof Error && "errors" in error)) throw error;
      return (error.errors as ValueError[]).filter((one) => !isAboutEmbeddedKind(one));
    }
  };
}

/**
 * The claim in the storage of a Prometheus, an Alertmanager or a ThanosRuler: its package takes it for
 * a kind of its own, `EmbeddedPersistentVolumeClaim`. The CustomResourceDefinitions ask for neither
 * field and take any text.
 */
function isAboutEmbeddedKind({ instancePath, keyword, params }: ValueError): boolean {
  const field = keyword === "required" ? `${instancePath}/${params.missingProperty}` : instancePath;
  return (
    ["required", "enum"].includes(keyword) &&
    /^\/spec\/storage\/volumeClaimTemplate\/(apiVersion|kind)$/.test(field)
  );
}

/** The validators' formats load Node's `punycode`, whose deprecation is no news for our users. */
async function quietly<T>(load: () => Promise<T>): Promise<T> {
  const before = process.noDeprecation;
  process.noDeprecation = true;
  try {
    return await load();
  } finally {
    process.noDeprecation = before ?? false;
  }
}
