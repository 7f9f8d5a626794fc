import { afterEach, expect, test } from "vitest";
import { servePrometheusApi } from "../../scripts/rehearsal/prometheus-api.ts";
import { openServices } from "../../scripts/rehearsal/services.ts";
import { proxied } from "./proxied.ts";

const service = (selector: object) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "prometheus", namespace: "monitoring" },
  spec: {
    selector,
    ports: [
      { name: "web", port: 9090, targetPort: "web" },
      { name: "reloader", port: 8080, targetPort: "reloader-web" },
    ],
  },
});
const ofPrometheus = service({ "operator.prometheus.io/name": "platform" });
const query = "http://prometheus.monitoring.svc.cluster.local:9090/api/v1/query?query=up";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function open() {
  const services = await openServices();
  const prometheus = await servePrometheusApi(services);
  closers.push(services.close, prometheus.close);
  return { services, prometheus };
}

test("servePrometheusApi() answers each query with one sample, 0, at a Prometheus' Service", async () => {
  const { services, prometheus } = await open();
  prometheus.answerFor([ofPrometheus]);
  const { status, body } = await proxied(services.proxy, query);
  expect(status).toBe(200);
  expect(JSON.parse(body)).toEqual({
    status: "success",
    data: { resultType: "vector", result: [{ metric: {}, value: [expect.any(Number), "0"] }] },
  });
});

test("servePrometheusApi() leaves unanswered what is no Prometheus', and other ports", async () => {
  const { services, prometheus } = await open();
  prometheus.answerFor([service({ app: "another" })]);
  expect(await proxied(services.proxy, query)).toMatchObject({ status: 502 });
  prometheus.answerFor([ofPrometheus]);
  expect(await proxied(services.proxy, query.replace("9090", "8080"))).toMatchObject({
    status: 502,
  });
  expect(await proxied(services.proxy, query.replace("query?", "series?"))).toMatchObject({
    status: 404,
  });
});

test("servePrometheusApi() leaves a Service alone that somebody has led elsewhere", async () => {
  const { services, prometheus } = await open();
  prometheus.answerFor([ofPrometheus]);
  services.lead("prometheus.monitoring.svc:9090", 1);
  prometheus.answerFor([ofPrometheus]);
  await expect(proxied(services.proxy, query)).rejects.toThrow();
});
