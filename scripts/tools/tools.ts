/** An outside program: a package of a Go module that `scripts/tools/<module>/go.mod` pins. */
export type Tool = {
  readonly module:
    | "bento"
    | "cert-manager"
    | "control-plane"
    | "etcd"
    | "helm"
    | "keda"
    | "kubeconform"
    | "kustomize"
    | "prometheus-operator"
    | "promtool"
    | "sealed-secrets";
  readonly package: string;
  readonly version: string;
  /** Linker flags beside `-s -w`. */
  readonly ldflags?: string;
  /** Arguments that make a copy on PATH print its version; without them such a copy is not used. */
  readonly versionArgs?: readonly string[];
  /** Build time from an empty Go cache, measured on two cores; programs of one module share most of it. */
  readonly seconds: number;
};

const kubernetes = "v1.36.1";
// Without a version the API server's clients refuse to talk to it.
const kubernetesVersion = [
  "-X k8s.io/component-base/version.gitVersion=v1.36.1",
  "-X k8s.io/component-base/version.gitMajor=1",
  "-X k8s.io/component-base/version.gitMinor=36",
].join(" ");

export const tools = {
  kustomize: {
    module: "kustomize",
    package: "sigs.k8s.io/kustomize/kustomize/v5",
    version: "v5.8.1",
    versionArgs: ["version"],
    seconds: 26,
  },
  "kustomize-oracle": {
    module: "kustomize",
    package: "./oracle",
    version: "v5.8.1",
    ldflags: "-X sigs.k8s.io/kustomize/api/provenance.version=v5.8.1",
    seconds: 20,
  },
  "kustomize-openapi": {
    module: "kustomize",
    package: "./openapi",
    version: "v5.8.1",
    seconds: 15,
  },
  kubeconform: {
    module: "kubeconform",
    package: "github.com/yannh/kubeconform/cmd/kubeconform",
    version: "v0.8.0",
    versionArgs: ["-v"],
    seconds: 44,
  },
  helm: {
    module: "helm",
    package: "helm.sh/helm/v4/cmd/helm",
    version: "v4.3.1",
    versionArgs: ["version", "--short"],
    seconds: 85,
  },
  etcd: {
    module: "etcd",
    package: "go.etcd.io/etcd/server/v3",
    version: "v3.7.3",
    seconds: 45,
  },
  "kube-apiserver": {
    module: "control-plane",
    package: "k8s.io/kubernetes/cmd/kube-apiserver",
    version: kubernetes,
    ldflags: kubernetesVersion,
    versionArgs: ["--version"],
    seconds: 200,
  },
  "kube-controller-manager": {
    module: "control-plane",
    package: "k8s.io/kubernetes/cmd/kube-controller-manager",
    version: kubernetes,
    ldflags: kubernetesVersion,
    versionArgs: ["--version"],
    seconds: 45,
  },
  "kube-scheduler": {
    module: "control-plane",
    package: "k8s.io/kubernetes/cmd/kube-scheduler",
    version: kubernetes,
    ldflags: kubernetesVersion,
    versionArgs: ["--version"],
    seconds: 20,
  },
  kubectl: {
    module: "control-plane",
    package: "k8s.io/kubernetes/cmd/kubectl",
    version: kubernetes,
    ldflags: kubernetesVersion,
    versionArgs: ["version", "--client"],
    seconds: 60,
  },
  kwok: {
    module: "control-plane",
    package: "sigs.k8s.io/kwok/cmd/kwok",
    version: "v0.8.0",
    seconds: 15,
  },
  argocd: {
    module: "control-plane",
    package: "github.com/argoproj/argo-cd/v3/cmd",
    version: "v3.5.7",
    ldflags: "-X github.com/argoproj/argo-cd/v3/common.version=3.5.7",
    seconds: 240,
  },
  redis: {
    module: "control-plane",
    package: "./redis",
    version: "v2.38.0",
    seconds: 5,
  },
  "sealed-secrets-controller": {
    module: "sealed-secrets",
    package: "./controller",
    version: "v0.40.0",
    seconds: 150,
  },
  "cert-manager": {
    module: "cert-manager",
    package: "./certmanager",
    version: "v1.21.2",
    seconds: 150,
  },
  "keda-operator": {
    module: "keda",
    package: "github.com/kedacore/keda/v2/cmd/operator",
    version: "v2.21.0",
    seconds: 280,
  },
  "keda-servers": {
    module: "keda",
    package: "./servers",
    version: "v2.21.0",
    seconds: 60,
  },
  "prometheus-operator": {
    module: "prometheus-operator",
    package: "github.com/prometheus-operator/prometheus-operator/cmd/operator",
    version: "v0.92.0",
    seconds: 90,
  },
  promtool: {
    module: "promtool",
    package: "github.com/prometheus/prometheus/cmd/promtool",
    version: "v0.312.0",
    seconds: 205,
  },
  bento: {
    module: "bento",
    package: "./bento",
    version: "v1.20.0",
    versionArgs: ["--version"],
    seconds: 240,
  },
  prometheus: {
    module: "promtool",
    package: "github.com/prometheus/prometheus/cmd/prometheus",
    version: "v0.312.0",
    seconds: 85,
  },
  kubeseal: {
    module: "sealed-secrets",
    package: "github.com/bitnami/sealed-secrets/cmd/kubeseal",
    version: "v0.40.0",
    seconds: 20,
  },
} as const satisfies Record<string, Tool>;

export type ToolName = keyof typeof tools;
