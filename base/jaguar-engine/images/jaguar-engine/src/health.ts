/** Whether the server answers, and what that means for each question of the kubelet. */
export type Answer = { readonly ok: boolean; readonly reason: string };

type Phase = "starting" | "started" | "draining";

/** Asks the server by probes. Questions that come while a probe is under way get its answer. */
export class Health {
  #phase: Phase = "starting";
  #asked: Promise<Answer> | undefined;
  #last: Answer = { ok: false, reason: "the server has not answered yet" };
  readonly #probe: () => Promise<void>;
  readonly #onChange: (serving: Answer) => void;

  /** `onChange` hears whether clients should come, when that is no longer as before. */
  constructor(probe: () => Promise<void>, onChange: (serving: Answer) => void) {
    this.#probe = probe;
    this.#onChange = onChange;
  }

  /** Once true it stays so: the kubelet asks no more after that. */
  async startup(): Promise<Answer> {
    return this.#phase === "starting" ? await this.check() : { ok: true, reason: "started" };
  }

  /** Draining is no reason to be killed. */
  async live(): Promise<Answer> {
    return this.#phase === "draining" ? { ok: true, reason: "draining" } : await this.check();
  }

  async ready(): Promise<Answer> {
    return this.#phase === "draining" ? draining : await this.check();
  }

  drain(): void {
    this.#phase = "draining";
    this.#tell(draining);
  }

  async check(): Promise<Answer> {
    this.#asked ??= this.#ask().finally(() => {
      this.#asked = undefined;
    });
    return await this.#asked;
  }

  async #ask(): Promise<Answer> {
    const answer = await this.#probe().then(
      () => ({ ok: true, reason: "the server answers" }),
      ({ message }: Error) => ({ ok: false, reason: `the server does not answer: ${message}` }),
    );
    if (answer.ok && this.#phase === "starting") this.#phase = "started";
    if (this.#phase !== "draining") this.#tell(answer);
    return answer;
  }

  #tell(answer: Answer): void {
    const isNew =
      answer.ok !== this.#last.ok || (!answer.ok && answer.reason !== this.#last.reason);
    this.#last = answer;
    if (isNew) this.#onChange(answer);
  }
}

const draining: Answer = { ok: false, reason: "draining" };
