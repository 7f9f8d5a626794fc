// Command servers runs KEDA's metrics API server or its admission webhooks for a rehearsal.
//
// Upstream's own programs listen on every interface, with no flag to change that. These listen on
// loopback; what they answer is upstream's code.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"

	grpcprom "github.com/grpc-ecosystem/go-grpc-middleware/providers/prometheus"
	eventingv1alpha1 "github.com/kedacore/keda/v2/apis/eventing/v1alpha1"
	kedav1alpha1 "github.com/kedacore/keda/v2/apis/keda/v1alpha1"
	"github.com/kedacore/keda/v2/pkg/metricsservice"
	kedaprovider "github.com/kedacore/keda/v2/pkg/provider"
	"github.com/spf13/pflag"
	"k8s.io/apimachinery/pkg/runtime"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/webhook"
	basecmd "sigs.k8s.io/custom-metrics-apiserver/pkg/cmd"
)

func main() {
	if len(os.Args) < 2 {
		log.Fatal("usage: servers metrics-apiserver|admission-webhooks [flags], with KUBECONFIG set")
	}
	options := zap.Options{}
	options.BindFlags(flag.CommandLine)
	ctrl.SetLogger(zap.New(zap.UseFlagOptions(&options)))
	roles := map[string]func(context.Context, []string) error{
		"metrics-apiserver":  serveMetrics,
		"admission-webhooks": serveWebhooks,
	}
	serve, known := roles[os.Args[1]]
	if !known {
		log.Fatalf("there is no role %q", os.Args[1])
	}
	if err := serve(ctrl.SetupSignalHandler(), os.Args[2:]); err != nil {
		log.Fatal(err)
	}
}

// serveMetrics answers external.metrics.k8s.io out of the operator's gRPC service.
func serveMetrics(ctx context.Context, args []string) error {
	adapter := &basecmd.AdapterBase{Name: "keda-adapter"}
	flags := adapter.Flags()
	address := flags.String("metrics-service-address", "", "host and port of the operator's gRPC service")
	authority := flags.String("metrics-service-grpc-authority", "", "the name in that service's certificate")
	flags.AddGoFlagSet(flag.CommandLine)
	if err := flags.Parse(args); err != nil {
		return err
	}

	manager, err := ctrl.NewManager(ctrl.GetConfigOrDie(), ctrl.Options{
		Scheme:  newScheme(),
		Metrics: server.Options{BindAddress: "0"},
	})
	if err != nil {
		return err
	}
	client, err := metricsservice.NewGrpcClient(ctx, *address, adapter.SecureServing.ServerCert.CertDirectory,
		*authority, "", grpcprom.NewClientMetrics(), false)
	if err != nil {
		return err
	}
	go func() {
		if err := manager.Start(ctx); err != nil {
			log.Fatal(err)
		}
	}()
	adapter.WithExternalMetrics(kedaprovider.NewProvider(ctx, ctrl.Log, manager.GetClient(), *client))
	return adapter.Run(ctx)
}

// serveWebhooks answers the API server's questions about KEDA's own kinds.
func serveWebhooks(ctx context.Context, args []string) error {
	flags := pflag.NewFlagSet("keda-admission-webhooks", pflag.ContinueOnError)
	folder := flags.String("cert-dir", "/certs", "folder of tls.crt and tls.key")
	port := flags.Int("port", 9443, "port of the webhooks")
	probes := flags.String("health-probe-bind-address", "", "address of the probes")
	direct := flags.Bool("cache-miss-to-direct-client", false, "ask the API server where the cache has no answer")
	flags.AddGoFlagSet(flag.CommandLine)
	if err := flags.Parse(args); err != nil {
		return err
	}

	manager, err := ctrl.NewManager(ctrl.GetConfigOrDie(), ctrl.Options{
		Scheme:                 newScheme(),
		Metrics:                server.Options{BindAddress: "0"},
		HealthProbeBindAddress: *probes,
		WebhookServer:          webhook.NewServer(webhook.Options{Host: "127.0.0.1", Port: *port, CertDir: *folder}),
	})
	if err != nil {
		return err
	}
	if err := (&kedav1alpha1.ScaledObject{}).SetupWebhookWithManager(manager, *direct); err != nil {
		return fmt.Errorf("ScaledObject: %w", err)
	}
	for _, kind := range []interface{ SetupWebhookWithManager(ctrl.Manager) error }{
		&kedav1alpha1.ScaledJob{},
		&kedav1alpha1.TriggerAuthentication{},
		&kedav1alpha1.ClusterTriggerAuthentication{},
		&eventingv1alpha1.CloudEventSource{},
		&eventingv1alpha1.ClusterCloudEventSource{},
	} {
		if err := kind.SetupWebhookWithManager(manager); err != nil {
			return fmt.Errorf("%T: %w", kind, err)
		}
	}
	// Ready as soon as the webhooks listen, not before.
	if err := manager.AddReadyzCheck("readyz", manager.GetWebhookServer().StartedChecker()); err != nil {
		return err
	}
	if err := manager.AddHealthzCheck("healthz", healthz.Ping); err != nil {
		return err
	}
	return manager.Start(ctx)
}

func newScheme() *runtime.Scheme {
	scheme := runtime.NewScheme()
	utilruntime.Must(clientgoscheme.AddToScheme(scheme))
	utilruntime.Must(kedav1alpha1.AddToScheme(scheme))
	utilruntime.Must(eventingv1alpha1.AddToScheme(scheme))
	return scheme
}
