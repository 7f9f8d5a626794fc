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
	github.com/prometheus-operator/prometheus-operator v0.92.0
	sigs.k8s.io/gateway-api v1.5.1
)
