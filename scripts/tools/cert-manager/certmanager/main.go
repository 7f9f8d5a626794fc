// Command certmanager runs cert-manager's controller, webhook or cainjector outside a cluster, for a
// rehearsal. Upstream's own programs are modules inside its repository of which no version is
// published. This one takes the role as its first argument and upstream's flags after it; all that
// validates, issues and injects is upstream's code.
//
// Every port is on loopback and nobody is elected. Issuers of ACME, Vault and Venafi are left out:
// they need the network, and without their code nobody overwrites a simulated status.
package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/pflag"
	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	logsapi "k8s.io/component-base/logs/api/v1"
	apiregistration "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	ctrlhealthz "sigs.k8s.io/controller-runtime/pkg/healthz"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
	ctrlwebhook "sigs.k8s.io/controller-runtime/pkg/webhook"

	"github.com/cert-manager/cert-manager/internal/webhook"
	cmscheme "github.com/cert-manager/cert-manager/pkg/client/clientset/versioned/scheme"
	"github.com/cert-manager/cert-manager/pkg/controller"
	"github.com/cert-manager/cert-manager/pkg/controller/cainjector"
	"github.com/cert-manager/cert-manager/pkg/healthz"
	"github.com/cert-manager/cert-manager/pkg/logs"
	"github.com/cert-manager/cert-manager/pkg/util"
	"github.com/cert-manager/cert-manager/pkg/webhook/admission"
	"github.com/cert-manager/cert-manager/pkg/webhook/options"

	// Each registers a controller or an issuer when it is loaded.
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/approver"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/ca"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/selfsigned"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/issuing"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/keymanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/metrics"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/readiness"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/requestmanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/revisionmanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/trigger"
	_ "github.com/cert-manager/cert-manager/pkg/controller/clusterissuers"
	_ "github.com/cert-manager/cert-manager/pkg/controller/issuers"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/ca"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/selfsigned"
)

func main() {
	roles := map[string]func(context.Context) error{"controller": control, "webhook": serve, "cainjector": inject}
	if len(os.Args) < 2 || roles[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: certmanager controller|webhook|cainjector --kubeconfig=<path> [flags]")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := roles[os.Args[1]](logs.NewContext(ctx, logs.Log)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// parse reads the flags that the role has added to the command line; a wrong one ends the program.
func parse(logging *logsapi.LoggingConfiguration) error {
	if err := pflag.CommandLine.Parse(os.Args[2:]); err != nil {
		return err
	}
	logs.InitLogs()
	ctrl.SetLogger(logs.Log)
	return logs.ValidateAndApply(logging)
}

func control(ctx context.Context) error {
	// Upstream's defaults: they stand beside the controllers that are left out here.
	settings := controller.ContextOptions{
		KubernetesAPIQPS:   20,
		KubernetesAPIBurst: 50,
		CertificateOptions: controller.CertificateOptions{
			CopiedAnnotationPrefixes:                 []string{"*", "-kubectl.kubernetes.io/", "-fluxcd.io/", "-argocd.argoproj.io/"},
			CertificateRequestMinimumBackoffDuration: time.Hour,
			CertificateRequestMaximumBackoffDuration: 32 * time.Hour,
		},
	}
	pflag.StringVar(&settings.Kubeconfig, "kubeconfig", "", "path of the kubeconfig")
	pflag.StringVar(&settings.ClusterResourceNamespace, "cluster-resource-namespace", "kube-system", "where ClusterIssuers have their Secrets")
	health := pflag.String("healthz-listen-address", "127.0.0.1:9403", "host:port of /livez")
	metrics := pflag.String("metrics-listen-address", "0", "host:port of /metrics, or 0 for none")
	logging := logsapi.NewLoggingConfiguration()
	logs.AddFlags(logging, pflag.CommandLine)
	if err := parse(logging); err != nil {
		return err
	}

	group, ctx := errgroup.WithContext(ctx)
	factory, err := controller.NewContextFactory(ctx, settings)
	if err != nil {
		return err
	}
	shared, err := factory.Build()
	if err != nil {
		return err
	}
	for _, build := range controller.Known() {
		each, err := build(factory)
		if err != nil {
			return err
		}
		group.Go(func() error { return each.Run(5, ctx) })
	}
	objects := shared.SharedInformerFactory.Certmanager().V1()
	shared.Metrics.SetupCertificateCollector(objects.Certificates().Lister())
	shared.Metrics.SetupIssuerCollector(objects.Issuers().Lister())
	shared.Metrics.SetupClusterIssuerCollector(objects.ClusterIssuers().Lister())
	shared.SharedInformerFactory.Start(ctx.Done())
	shared.KubeSharedInformerFactory.Start(ctx.Done())
	// Upstream answers /livez at once. Here the first answer says that every controller is at work.
	shared.SharedInformerFactory.WaitForCacheSync(ctx.Done())
	shared.KubeSharedInformerFactory.WaitForCacheSync(ctx.Done())
	if *metrics != "0" {
		listener, err := net.Listen("tcp", *metrics)
		if err != nil {
			return err
		}
		go shared.Metrics.NewServer(listener).Serve(listener)
	}
	listener, err := net.Listen("tcp", *health)
	if err != nil {
		return err
	}
	// The server's argument is how late a leader may renew its lease.
	group.Go(func() error { return healthz.NewServer(0).Start(ctx, listener) })
	return group.Wait()
}

func serve(ctx context.Context) error {
	config, err := options.NewWebhookConfiguration()
	if err != nil {
		return err
	}
	config.MetricsListenAddress = "0"
	options.AddConfigFlags(pflag.CommandLine, config)
	if err := parse(&config.Logging); err != nil {
		return err
	}

	parts, err := webhook.NewCertManagerWebhookServer(logs.Log, *config)
	if err != nil {
		return err
	}
	if parts.CertificateSource == nil {
		return errors.New("the webhook has no certificate to serve: give it the flags --dynamic-serving-*")
	}
	// Run of upstream's server listens on every address of the machine, so its parts are served here.
	manager, err := ctrl.NewManager(&rest.Config{}, ctrl.Options{
		Scheme:                 parts.ResourceScheme,
		Metrics:                metricsserver.Options{BindAddress: config.MetricsListenAddress},
		HealthProbeBindAddress: fmt.Sprintf("127.0.0.1:%d", config.HealthzPort),
		LivenessEndpointName:   "/livez",
		ReadinessEndpointName:  "/healthz",
		WebhookServer: ctrlwebhook.NewServer(ctrlwebhook.Options{
			Host:    "127.0.0.1",
			Port:    int(config.SecurePort),
			TLSOpts: []func(*tls.Config){func(each *tls.Config) { each.GetCertificate = parts.CertificateSource.GetCertificate }},
		}),
	})
	if err != nil {
		return err
	}
	server := manager.GetWebhookServer()
	server.Register("/mutate", admission.NewCustomMutationWebhook(parts.MutationWebhook))
	server.Register("/validate", admission.NewCustomValidationWebhook(parts.ResourceScheme, parts.ValidationWebhook))
	// StartedChecker shakes hands with the webhook, so it waits for the certificate too.
	if err := errors.Join(manager.Add(parts.CertificateSource), manager.AddHealthzCheck("ping", ctrlhealthz.Ping),
		manager.AddReadyzCheck("webhook", server.StartedChecker())); err != nil {
		return err
	}
	return manager.Start(ctx)
}

func inject(ctx context.Context) error {
	kubeconfig := pflag.String("kubeconfig", "", "path of the kubeconfig")
	metrics := pflag.String("metrics-listen-address", "0", "host:port of /metrics, or 0 for none")
	logging := logsapi.NewLoggingConfiguration()
	logs.AddFlags(logging, pflag.CommandLine)
	if err := parse(logging); err != nil {
		return err
	}

	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		return err
	}
	kinds := runtime.NewScheme()
	if err := errors.Join(scheme.AddToScheme(kinds), cmscheme.AddToScheme(kinds),
		apiextensions.AddToScheme(kinds), apiregistration.AddToScheme(kinds)); err != nil {
		return err
	}
	manager, err := ctrl.NewManager(util.RestConfigWithUserAgent(config, "cainjector"), ctrl.Options{
		Scheme:  kinds,
		Metrics: metricsserver.Options{BindAddress: *metrics},
		// The injectors watch the metadata of Secrets alone: a cache of whole ones would be a second watch.
		Cache:  cache.Options{ReaderFailOnMissingInformer: true},
		Client: client.Options{Cache: &client.CacheOptions{DisableFor: []client.Object{&corev1.Secret{}}}},
	})
	if err != nil {
		return err
	}
	if err := cainjector.RegisterAllInjectors(ctx, manager, cainjector.SetupOptions{
		EnableCertificatesDataSource: true,
		EnabledReconcilersFor: map[string]bool{
			cainjector.MutatingWebhookConfigurationName:   true,
			cainjector.ValidatingWebhookConfigurationName: true,
			cainjector.APIServiceName:                     true,
			cainjector.CustomResourceDefinitionName:       true,
		},
	}); err != nil {
		return err
	}
	return manager.Start(ctx)
}
