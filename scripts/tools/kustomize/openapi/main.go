// Prints the OpenAPI document that kustomize has built in, as JSON.
package main

import (
	"encoding/json"
	"log"
	"os"
	"path"
	"strings"

	openapi_v2 "github.com/google/gnostic-models/openapiv2"
	"google.golang.org/protobuf/proto"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"sigs.k8s.io/kustomize/kyaml/openapi/kubernetesapi"
)

func main() {
	version := kubernetesapi.DefaultOpenAPI
	asset := path.Join("kubernetesapi", strings.ReplaceAll(version, ".", "_"), "swagger.pb")
	var stored openapi_v2.Document
	if err := proto.Unmarshal(kubernetesapi.OpenAPIMustAsset[version](asset), &stored); err != nil {
		log.Fatal(err)
	}
	var document spec.Swagger
	if _, err := document.FromGnostic(&stored); err != nil {
		log.Fatal(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(document); err != nil {
		log.Fatal(err)
	}
}
