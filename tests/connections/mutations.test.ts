import { expect, it } from "vitest";
import { connectionsCheck } from "../../scripts/checks/connections/index.ts";
import { type Change, findingsAfter, replace } from "../support/mutate.ts";

const checks = [connectionsCheck];
const base = "base/ml-inference";
const prod = "overlays/prod/ml-inference";
const worker = `${prod}/release/worker.yaml`;

type Mutation = readonly [string, Readonly<Record<string, Change>>, ...(readonly string[])];

/** What is broken, the file that breaks it, and what is told: both files, and where there is one the way out. */
const mutations: readonly Mutation[] = [
  [
    "a pipeline consumes a queue that nothing declares",
    { [worker]: replace("QUEUE:inference_requests}", "QUEUE:inference_request}") },
    'queue-undeclared overlays/prod/ml-inference/release/worker.yaml:15 "worker.yaml" consumes "inference_request", which no Queue declares in the virtual host "/": did you mean "inference_requests" (base/ml-inference/queue-inference-requests.yaml:9)?',
  ],
  [
    "a pipeline publishes to a queue that nothing declares",
    { [worker]: replace("QUEUE:inference_results}", "QUEUE:ml_results}") },
    'queue-undeclared overlays/prod/ml-inference/release/worker.yaml:169 "worker.yaml" publishes to "ml_results", which no Queue declares in the virtual host "/"',
  ],
  [
    "a Queue is renamed",
    {
      [`${base}/queue-inference-results.yaml`]: replace(
        "name: inference_results\n",
        "name: results\n",
      ),
    },
    'queue-policy-idle base/ml-inference/policy-inference-results.yaml:9 The pattern "^inference_results$" matches no Queue of "/": did you mean "inference_requests" (base/ml-inference/queue-inference-requests.yaml:9)?',
    'queue-undeclared overlays/prod/ml-inference/release/worker.yaml:169 "worker.yaml" publishes to "inference_results", which no Queue declares in the virtual host "/": did you mean "inference_requests" (base/ml-inference/queue-inference-requests.yaml:9)?',
    'queue-undeclared overlays/prod/ml-inference/release/collector.yaml:16 "collector.yaml" consumes "inference_results", which no Queue declares in the virtual host "/": did you mean "inference_requests" (base/ml-inference/queue-inference-requests.yaml:9)?',
  ],
  [
    "a Queue is of another broker",
    {
      [`${base}/queue-inference-results.yaml`]: replace(
        "    name: rabbitmq\n",
        "    name: rabbit\n",
      ),
    },
    'broker-unknown base/ml-inference/queue-inference-results.yaml:15 Queue/ml-inference/inference-results belongs to the broker "rabbit", which no RabbitmqCluster declares: did you mean "rabbitmq" (base/ml-inference/rabbitmq-cluster.yaml:4)?',
  ],
  [
    "a Queue is classic",
    { [`${base}/queue-inference-results.yaml`]: replace("type: quorum", "type: classic") },
    'queue-policy-type base/ml-inference/policy-inference-results.yaml:10 The Policy applies to quorum queues, and "inference_results" (base/ml-inference/queue-inference-results.yaml:9) is none',
  ],
  [
    "a Queue is in another virtual host",
    {
      [`${base}/queue-inference-results-dlq.yaml`]: replace(
        "type: quorum",
        "type: quorum\n  vhost: ml",
      ),
    },
    'queue-undeclared base/ml-inference/policy-inference-results.yaml:16 Dead letters go to "inference_results.dlq", which no Queue declares in the virtual host "/": did you mean "inference_requests.dlq" (base/ml-inference/queue-inference-requests-dlq.yaml:9)?',
    'vhost-undeclared base/ml-inference/queue-inference-results-dlq.yaml:11 Queue/ml-inference/inference-results-dlq is in the virtual host "ml", which no Vhost declares',
  ],
  [
    "a Policy matches nothing",
    {
      [`${base}/policy-inference-results.yaml`]: replace(
        "^inference_results$",
        "^inference_result$",
      ),
    },
    'queue-policy-idle base/ml-inference/policy-inference-results.yaml:9 The pattern "^inference_result$" matches no Queue of "/": did you mean "inference_results" (base/ml-inference/queue-inference-results.yaml:9)?',
    'queue-without-dead-letters base/ml-inference/queue-inference-results.yaml:9 No Policy gives "inference_results" dead letters, and what "collector.yaml" (overlays/prod/ml-inference/release/collector.yaml:16) rejects is lost',
  ],
  [
    "dead letters go nowhere",
    {
      [`${base}/policy-inference-results.yaml`]: replace(
        "inference_results.dlq",
        "inference_results_dlq",
      ),
    },
    'queue-undeclared base/ml-inference/policy-inference-results.yaml:16 Dead letters go to "inference_results_dlq", which no Queue declares in the virtual host "/": did you mean "inference_results.dlq" (base/ml-inference/queue-inference-results-dlq.yaml:9)?',
  ],
  [
    "a program may not read what it consumes",
    { [`${base}/permission-ml-worker.yaml`]: replace("^inference_requests$", "^ml_requests$") },
    'queue-permission overlays/prod/ml-inference/release/worker.yaml:15 "worker.yaml" consumes "inference_requests" (base/ml-inference/queue-inference-requests.yaml:9) as "ml-worker", whose Permission (base/ml-inference/permission-ml-worker.yaml:16) lets it read only "^ml_requests$"',
  ],
  [
    "a program may not write what it publishes",
    { [`${base}/permission-ml-worker.yaml`]: replace("^amq\\.default$", "^$") },
    'queue-permission overlays/prod/ml-inference/release/worker.yaml:169 "worker.yaml" publishes to "inference_results" (base/ml-inference/queue-inference-results.yaml:9) as "ml-worker", whose Permission (base/ml-inference/permission-ml-worker.yaml:15) lets it write only "^$"',
  ],
  [
    "a Permission is of a user that is not there",
    {
      [`${base}/permission-ml-worker.yaml`]: replace(
        "  userReference:\n    name: ml-worker",
        "  userReference:\n    name: worker",
      ),
    },
    'permission-of-nobody base/ml-inference/permission-ml-worker.yaml:10 The Permission is of "worker", which no User declares: did you mean "ml-worker" (base/ml-inference/user-ml-worker.yaml:4)?',
  ],
  [
    "a User imports a Secret that is not there",
    { [`${base}/user-ml-worker.yaml`]: replace("rabbitmq-ml-worker", "rabbitmq-worker") },
    'secret-unknown base/ml-inference/user-ml-worker.yaml:9 No SealedSecret makes the Secret "rabbitmq-worker": did you mean "rabbitmq-ml-worker" (overlays/prod/ml-inference/sealed-secret-rabbitmq-ml-worker.yaml:4)?',
  ],
  [
    "a User imports the Secret of another",
    {
      [`${base}/user-ml-worker.yaml`]: replace("rabbitmq-ml-worker", "rabbitmq-results-collector"),
    },
    'user-undeclared overlays/prod/ml-inference/sealed-secret-rabbitmq-ml-worker.yaml:19 "RABBITMQ_URL" signs in as "ml-worker", whom no User of the broker declares',
    'queue-permission overlays/prod/ml-inference/release/collector.yaml:16 "collector.yaml" consumes "inference_results" (base/ml-inference/queue-inference-results.yaml:9) as "results-collector", whose Permission (base/ml-inference/permission-ml-worker.yaml:16) lets it read only "^inference_requests$"',
  ],
  [
    "a User's Secret has lost the label by which the operator finds it",
    {
      [`${prod}/sealed-secret-rabbitmq-ml-worker.yaml`]: replace(
        "rabbitmq.com/topology-operator",
        "rabbitmq.com/topology",
      ),
    },
    'user-secret-label overlays/prod/ml-inference/sealed-secret-rabbitmq-ml-worker.yaml:15 The Secret "rabbitmq-ml-worker" lacks the label "rabbitmq.com/topology-operator: true", and the topology operator does not import it for User/ml-inference/ml-worker (base/ml-inference/user-ml-worker.yaml:9)',
  ],
  [
    "an address signs in as nobody",
    {
      [`${prod}/sealed-secret-rabbitmq-ml-worker.yaml`]: replace(
        "amqp://ml-worker:",
        "amqp://mlworker:",
      ),
    },
    'user-undeclared overlays/prod/ml-inference/sealed-secret-rabbitmq-ml-worker.yaml:19 "RABBITMQ_URL" signs in as "mlworker", whom no User of the broker declares: did you mean "ml-worker" (overlays/prod/ml-inference/sealed-secret-rabbitmq-ml-worker.yaml:18)?',
  ],
  [
    "an address signs in with the password of another",
    {
      [`${prod}/sealed-secret-rabbitmq-api-gateway.yaml`]: replace(
        "amqp://api-gateway:",
        "amqp://ml-worker:",
      ),
    },
    'user-other-secret overlays/prod/ml-inference/sealed-secret-rabbitmq-api-gateway.yaml:19 "RABBITMQ_URL" signs in as "ml-worker" with the password of the Secret "rabbitmq-api-gateway", and User/ml-inference/ml-worker (base/ml-inference/user-ml-worker.yaml:9) has that of "rabbitmq-ml-worker"',
  ],
  [
    "an address leads to no broker",
    {
      [`${prod}/sealed-secret-rabbitmq-ml-worker.yaml`]: replace("@rabbitmq:5672", "@rabbit:5672"),
    },
    'address-unknown overlays/prod/ml-inference/sealed-secret-rabbitmq-ml-worker.yaml:19 "RABBITMQ_URL" leads to "rabbit", which is no Service of the app: did you mean "rabbitmq" (base/ml-inference/rabbitmq-cluster.yaml:4)?',
  ],
  [
    "an address has another port",
    {
      [`${prod}/sealed-secret-rabbitmq-ml-worker.yaml`]: replace(
        "@rabbitmq:5672",
        "@rabbitmq:5671",
      ),
    },
    'address-port overlays/prod/ml-inference/sealed-secret-rabbitmq-ml-worker.yaml:19 "RABBITMQ_URL" leads to port 5671 of RabbitmqCluster/ml-inference/rabbitmq (base/ml-inference/rabbitmq-cluster.yaml:8), which listens on 5672, 15672, 15692 for "rabbitmq"',
  ],
  [
    "an address has another virtual host",
    {
      [`${prod}/sealed-secret-rabbitmq-ml-worker.yaml`]: replace(
        "@rabbitmq:5672/",
        "@rabbitmq:5672/ml",
      ),
    },
    'queue-undeclared overlays/prod/ml-inference/release/worker.yaml:15 "worker.yaml" consumes "inference_requests", which no Queue declares in the virtual host "ml"',
    'queue-undeclared overlays/prod/ml-inference/release/worker.yaml:169 "worker.yaml" publishes to "inference_results", which no Queue declares in the virtual host "ml"',
  ],
  [
    "a variable takes a key that the Secret lacks",
    {
      [`${base}/deployment-ml-worker.yaml`]: replace(
        "name: rabbitmq-ml-worker\n                  key: url",
        "name: rabbitmq-ml-worker\n                  key: uri",
      ),
    },
    'secret-key-unknown base/ml-inference/deployment-ml-worker.yaml:50 The Secret "rabbitmq-ml-worker" (overlays/prod/ml-inference/sealed-secret-rabbitmq-ml-worker.yaml:8) has no key "uri": did you mean "url"?',
  ],
  [
    "a program signs in as another",
    {
      [`${base}/deployment-ml-worker.yaml`]: replace(
        "name: rabbitmq-ml-worker\n",
        "name: rabbitmq-api-gateway\n",
      ),
    },
    'queue-permission overlays/prod/ml-inference/release/worker.yaml:15 "worker.yaml" consumes "inference_requests" (base/ml-inference/queue-inference-requests.yaml:9) as "api-gateway", whose Permission (base/ml-inference/permission-api-gateway.yaml:16) lets it read only "^$"',
  ],
  [
    "a program may not write to the default exchange",
    { [`${base}/permission-ml-worker.yaml`]: replace("write: ^amq\\.default$", "write: ^$") },
    'queue-permission overlays/prod/ml-inference/release/worker.yaml:169 "worker.yaml" publishes to "inference_results" (base/ml-inference/queue-inference-results.yaml:9) as "ml-worker", whose Permission (base/ml-inference/permission-ml-worker.yaml:15) lets it write only "^$"',
  ],
  [
    "a program has no Permission",
    { [`${base}/kustomization.yaml`]: replace("  - permission-ml-worker.yaml\n", "") },
    'queue-permission overlays/prod/ml-inference/release/worker.yaml:15 "worker.yaml" consumes "inference_requests" (base/ml-inference/queue-inference-requests.yaml:9) as "ml-worker", who has no Permission in "/"',
    'queue-permission overlays/prod/ml-inference/release/worker.yaml:169 "worker.yaml" publishes to "inference_results" (base/ml-inference/queue-inference-results.yaml:9) as "ml-worker", who has no Permission in "/"',
  ],
  [
    "the database has another name",
    { [`${base}/cluster.yaml`]: replace("database: mlservice", "database: ml") },
    'database-other overlays/prod/ml-inference/sealed-secret-postgres-credentials.yaml:20 "POSTGRES_DSN" has the database "mlservice", and Cluster/ml-inference/postgresql (base/ml-inference/cluster.yaml:21) makes "ml"',
  ],
  [
    "the database has another owner",
    { [`${base}/cluster.yaml`]: replace("owner: mlservice", "owner: ml") },
    'database-other overlays/prod/ml-inference/sealed-secret-postgres-credentials.yaml:20 "POSTGRES_DSN" has the owner "mlservice", and Cluster/ml-inference/postgresql (base/ml-inference/cluster.yaml:22) makes "ml"',
  ],
  [
    "the database's Service has another name",
    {
      [`${base}/cluster.yaml`]: replace(
        "name: postgresql\n  resources",
        "name: postgres\n  resources",
      ),
    },
    'address-unknown overlays/prod/ml-inference/sealed-secret-postgres-credentials.yaml:20 "POSTGRES_DSN" leads to "postgresql", which is no Service of the app: did you mean "postgresql-r" (base/ml-inference/cluster.yaml:4)?',
  ],
  [
    "the database takes its password from a Secret that is not there",
    {
      [`${base}/cluster.yaml`]: replace(
        "name: postgres-credentials",
        "name: postgresql-credentials",
      ),
    },
    'secret-unknown base/ml-inference/cluster.yaml:24 No SealedSecret makes the Secret "postgresql-credentials": did you mean "postgres-credentials" (overlays/prod/ml-inference/sealed-secret-postgres-credentials.yaml:4)?',
  ],
  [
    "the Service of Redis is renamed",
    {
      [`${base}/service-redis.yaml`]: replace(
        "metadata:\n  name: redis",
        "metadata:\n  name: valkey",
      ),
    },
    'address-unknown overlays/prod/ml-inference/sealed-secret-redis-credentials.yaml:16 "REDIS_URL" leads to "redis", which is no Service of the app',
  ],
  [
    "the ML service has another port",
    { [`${base}/runtime.env`]: replace("http://ml-inference:8080", "http://ml-inference:8081") },
    'address-port base/ml-inference/runtime.env:10 "ML_SERVICE_URL" leads to port 8081 of Service/ml-inference/ml-inference (base/ml-inference/service-ml-inference.yaml:9), which listens on 8080, 8000 for "ml-inference"',
  ],
  [
    "the scaler asks for a queue that nothing declares",
    {
      [`${base}/scaled-object.yaml`]: replace(
        "queueName: inference_requests",
        "queueName: ml_requests",
      ),
    },
    'queue-undeclared base/ml-inference/scaled-object.yaml:27 The scaler asks for "ml_requests", which no Queue declares in the virtual host "/"',
  ],
  [
    "the scaler asks for a queue that its program does not consume",
    {
      [`${base}/scaled-object.yaml`]: replace(
        "queueName: inference_requests",
        "queueName: inference_results",
      ),
    },
    'scaler-other-queue base/ml-inference/scaled-object.yaml:27 "ml-worker" is scaled by "inference_results" (base/ml-inference/queue-inference-results.yaml:9), and it consumes "inference_requests" (overlays/prod/ml-inference/release/worker.yaml:15)',
  ],
  [
    "the scaler's address has lost its broker",
    { [`${prod}/kustomization.yaml`]: replace("          index: 1\n", "          index: 0\n") },
    'scaler-host base/ml-inference/scaled-object.yaml:25 The scaler asks "", which is no broker of "ml-inference": did you mean "rabbitmq.ml-inference.svc" (base/ml-inference/rabbitmq-cluster.yaml:4)?',
  ],
  [
    "the scaler asks a broker that is not there",
    {
      [`${base}/scaled-object.yaml`]: replace(
        "http://rabbitmq.namespace.svc:15672",
        "http://rabbit.namespace.svc:15672",
      ),
    },
    'scaler-host base/ml-inference/scaled-object.yaml:25 The scaler asks "rabbit.ml-inference.svc", which is no broker of "ml-inference": did you mean "rabbitmq.ml-inference.svc" (base/ml-inference/rabbitmq-cluster.yaml:4)?',
  ],
  [
    "the scaler names an authentication that is not there",
    { [`${base}/scaled-object.yaml`]: replace("name: rabbitmq-keda", "name: rabbitmq") },
    'scaler-authentication base/ml-inference/scaled-object.yaml:31 No TriggerAuthentication is called "rabbitmq"',
  ],
  [
    "the scaler's user may not ask the management API",
    { [`${base}/user-keda.yaml`]: replace("- monitoring", "- policymaker") },
    "scaler-user-tag base/ml-inference/user-keda.yaml:8 User/ml-inference/keda has no tag that opens the management API, which ScaledObject/ml-inference/ml-worker (base/ml-inference/scaled-object.yaml:20) asks",
  ],
  [
    "an authentication signs in with a Secret that no user of the broker imports",
    {
      [`${base}/trigger-authentication.yaml`]: replace(
        "name: rabbitmq-keda\n      key: username",
        "name: postgres-credentials\n      key: username",
      ),
    },
    'user-undeclared base/ml-inference/trigger-authentication.yaml:10 The scaler signs in with the Secret "postgres-credentials" as "mlservice", which no User of the broker imports',
  ],
  [
    "an authentication takes a key that the Secret lacks",
    { [`${base}/trigger-authentication.yaml`]: replace("key: username", "key: user") },
    'secret-key-unknown base/ml-inference/trigger-authentication.yaml:11 The Secret "rabbitmq-keda" (overlays/prod/ml-inference/sealed-secret-rabbitmq-keda.yaml:8) has no key "user"',
  ],
];

/** A mistake in the base is told about each environment's own files. */
const ofOthers = /overlays\/(dev|staging)\/|ml-inference-(dev|staging)/;

it.for(mutations)("finds that %s", async ([, changes, ...expected]) => {
  const findings = await findingsAfter(changes, checks);
  const told = findings
    .map(({ rule, place, message }) => `${rule} ${place.file}:${place.line} ${message}`)
    .filter((sentence) => !ofOthers.test(sentence));
  expect([...new Set(told)]).toEqual(expected);
});
