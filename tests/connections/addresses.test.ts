import { expect, test } from "vitest";
import { readAddress } from "../../scripts/checks/connections/addresses.ts";
import { matches } from "../../scripts/checks/connections/broker.ts";

test("readAddress() knows whom an address signs in as, and where", () => {
  expect(readAddress("amqp://ml-worker:sealed@rabbitmq:5673/jobs")).toEqual({
    scheme: "amqp",
    host: "rabbitmq",
    port: 5673,
    username: "ml-worker",
    vhost: "jobs",
  });
});

test("readAddress() takes the scheme's own port where an address has none", () => {
  expect(readAddress("postgres://a@postgresql/mlservice?sslmode=require")?.port).toBe(5432);
  expect(readAddress("redis://redis/0")?.port).toBe(6379);
  expect(readAddress("http://ml-inference/inference")?.port).toBe(80);
});

test("readAddress() reads no path, a slash and an escaped slash as the default virtual host", () => {
  for (const written of ["amqp://rabbitmq", "amqp://rabbitmq/", "amqp://rabbitmq/%2F"]) {
    expect(readAddress(written)?.vhost, written).toBe("/");
  }
});

test("readAddress() passes over what is no address of a program's", () => {
  for (const written of ["", "INFO", "https://huggingface.co", "amqp://[", "rabbitmq:5672"]) {
    expect(readAddress(written), written).toBeUndefined();
  }
});

test("matches() finds a pattern anywhere in a name, as the broker does, and nothing by an empty one", () => {
  expect(matches("^inference_requests$", "inference_requests")).toBe(true);
  expect(matches("^inference_requests$", "inference_requests.dlq")).toBe(false);
  expect(matches("inference", "inference_requests")).toBe(true);
  expect(matches("", "inference_requests")).toBe(false);
  expect(matches("^$", "inference_requests")).toBe(false);
  expect(matches("(", "inference_requests")).toBe(false);
});
