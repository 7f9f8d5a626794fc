module slipway/tools/sealed-secrets

go 1.26.8
