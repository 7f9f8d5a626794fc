import { styleText } from "node:util";
import type { Place } from "../../yaml/place.ts";

type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

/** Colours for a terminal, or plain text. */
export function painter(colour: boolean): Paint {
  return (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
}

/** `overlays/prod/router/kustomization.yaml:12:5` */
export function shortPlace({ file, line, column }: Place): string {
  return [file, line, column].filter((part) => part !== undefined).join(":");
}

export function sameLine(a: Place, b: Place): boolean {
  return a.file === b.file && a.line === b.line;
}
