import { expect, it } from "vitest";
import { openQuietly } from "./open.ts";

it("two rehearsals run at once, and the end of one leaves the other alone", async () => {
  const [dev, prod] = await Promise.all([openQuietly("dev"), openQuietly("prod")]);
  try {
    expect(dev.kubeconfig).not.toBe(prod.kubeconfig);
    expect(await dev.cluster.list("v1", "Node")).toHaveLength(6);
    await dev.close();
    expect(await prod.cluster.list("v1", "Node")).toHaveLength(6);
  } finally {
    await Promise.all([dev.close(), prod.close()]);
  }
});
