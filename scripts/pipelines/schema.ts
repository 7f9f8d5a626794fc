import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { load } from "js-yaml";
import type { Output } from "../tools/process.ts";
import type { Postgres } from "./postgres.ts";

type Job = {
  readonly spec: {
    readonly template: {
      readonly spec: { readonly containers: readonly { readonly command: readonly string[] }[] };
    };
  };
};

/** Does what the Job of the schema does: its very command, with the address and the file of a run. */
export async function runSchemaJob(
  postgres: Postgres,
  folder: string,
  url: string = postgres.url,
): Promise<Output> {
  const job = load(readFileSync("base/ml-inference/job-ml-db-init.yaml", "utf8")) as Job;
  const [program, ...args] = job.spec.template.spec.containers[0]?.command ?? [];
  if (program !== "psql") throw new Error(`The Job runs "${program}": only psql is here`);
  return postgres.psql(
    args.map((arg) =>
      arg.replace("$(POSTGRES_DSN)", url).replace("=/schema/", `=${resolve(folder)}/`),
    ),
  );
}
