import { Buffer } from "node:buffer";
import type { Content } from "./sources.ts";

/** Base64 as Kustomize writes it: in lines of 70 characters, each ended, where one is not enough. */
export function base64(content: Content): string {
  const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
  const encoded = Buffer.from(bytes).toString("base64");
  return encoded.length < LINE ? encoded : encoded.replace(/.{1,70}/g, "$&\n");
}

const LINE = 70;
