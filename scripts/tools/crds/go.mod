// Modules that we read CustomResourceDefinitions from and build nothing of: ../crds.ts says which
// files. Add or update one with
//
//	go mod edit -require=<module>@<version> && go mod download <module>
//
// in this folder, which records its checksums in go.sum. Never `go mod tidy`: no Go code imports
// these, so it would remove them all.
module slipway/tools/crds

go 1.26.3

require (
	github.com/cert-manager/cert-manager v1.21.2
	github.com/cloudnative-pg/cloudnative-pg v1.30.0
	github.com/kedacore/keda/v2 v2.21.0
	github.com/kubernetes-csi/external-snapshotter/client/v8 v8.4.0
	github.com/prometheus-operator/prometheus-operator v0.92.0
	github.com/rabbitmq/cluster-operator/v2 v2.20.0
	github.com/rabbitmq/messaging-topology-operator v1.19.1
	k8s.io/autoscaler/vertical-pod-autoscaler v1.8.1
	sigs.k8s.io/gateway-api v1.5.1
)
