/** One deployable thing: a directory that Argo CD renders, in one environment. */
export type Target = {
  readonly environment: string;
  /** The app of `overlays/<env>/<app>`; `apps` and `clusters` for the other two directories. */
  readonly app: string;
  readonly directory: string;
};

/** `overlays/dev/router` reads `dev/router`: how commands and findings name a target. */
export function targetName({ environment, app }: Target): string {
  return `${environment}/${app}`;
}
