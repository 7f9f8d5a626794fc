import { expect, it } from "vitest";
import { openQuietly } from "./open.ts";

it("two rehearsals run at once, and the end of one leaves the other alone", async () => {
  const [dev, prod] = await Promise.all([openQuietly("dev"), openQuietly("prod")]);
  try {
    expect(dev.kubeconfig).not.toBe(prod.kubeconfig);
    const namespace = ["v1", "Namespace", "default"] as const;
    expect(await dev.cluster.find(...namespace)).toBeDefined();
    await dev.close();
    expect(await prod.cluster.find(...namespace)).toBeDefined();
  } finally {
    await Promise.all([dev.close(), prod.close()]);
  }
});
