// Command controller runs the sealed-secrets controller outside a cluster, for a rehearsal.
//
// Upstream's own main reads its API server from fixed files of a pod. This one takes KUBECONFIG, the
// namespace of the sealing keys and the address of its health check; unsealing, owner references and
// status are upstream's code.
package main

import (
	"context"
	"log"
	"net/http"
	"os"
	"os/signal"
	"reflect"
	"syscall"
	"unsafe"

	versioned "github.com/bitnami/sealed-secrets/pkg/client/clientset/versioned"
	ssinformers "github.com/bitnami/sealed-secrets/pkg/client/informers/externalversions"
	"github.com/bitnami/sealed-secrets/pkg/controller"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: controller <namespace of the sealing keys> <host:port of /healthz>, with KUBECONFIG set")
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

func run(namespace, address string) error {
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	sealed, err := versioned.NewForConfig(config)
	if err != nil {
		return err
	}

	const keyLabel = controller.SealedSecretsKeyLabel
	keys := informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithNamespace(namespace),
		informers.WithTweakListOptions(func(options *metav1.ListOptions) { options.LabelSelector = keyLabel + "=active" }))
	registry := controller.NewKeyRegistry(client, namespace, "sealed-secrets-key", keyLabel, 4096)
	unsealer, err := controller.NewController(client, sealed, ssinformers.NewSharedInformerFactory(sealed, 0),
		informers.NewSharedInformerFactory(client, 0), keys, registry, 5, "CertNotBefore")
	if err != nil {
		return err
	}
	// Upstream sets this from its flag --update-status, whose default is true, and exports no setter.
	status := reflect.ValueOf(unsealer).Elem().FieldByName("updateStatus")
	*(*bool)(unsafe.Pointer(status.UnsafeAddr())) = true

	http.HandleFunc("/healthz", func(http.ResponseWriter, *http.Request) {})
	go func() { log.Fatal(http.ListenAndServe(address, nil)) }()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	unsealer.Run(ctx.Done())
	return nil
}
