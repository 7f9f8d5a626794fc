import { difference, type Interval, type Intervals, union } from "./intervals.ts";

/** A range of addresses as a NetworkPolicy writes it. */
export type IpBlock = { readonly cidr: string; readonly except?: readonly string[] };

/** The IPv4 addresses of any of these blocks, as numbers. */
export function addressesOf(blocks: readonly IpBlock[]): Intervals {
  return union(
    blocks.flatMap(({ cidr, except = [] }) =>
      difference([readCidr(cidr)], union(except.map(readCidr))),
    ),
  );
}

/** `10.0.0.0-10.0.0.255`: an interval of addresses as a person reads it. */
export function printAddresses({ first, last }: Interval): string {
  return first === last ? printAddress(first) : `${printAddress(first)}-${printAddress(last)}`;
}

function readCidr(cidr: string): Interval {
  const [, address = "", length = ""] = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(cidr) ?? [];
  const parts = address.split(".").map(Number);
  if (length === "" || Number(length) > 32 || parts.some((part) => part > 255)) {
    throw new RangeError(`Cannot read "${cidr}" as a range of IPv4 addresses`);
  }
  const size = 2 ** (32 - Number(length));
  const number = parts.reduce((sum, part) => sum * 256 + part, 0);
  const first = number - (number % size);
  return { first, last: first + size - 1 };
}

function printAddress(number: number): string {
  return [3, 2, 1, 0].map((byte) => Math.floor(number / 256 ** byte) % 256).join(".");
}
