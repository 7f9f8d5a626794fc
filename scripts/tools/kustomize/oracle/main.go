// Builds one file tree after another with kustomize's own library, so that a test that compares
// thousands of small overlays with real kustomize pays for one process. A line of JSON in, a line out.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

type request struct {
	Files          map[string][]byte `json:"files"`
	Directory      string            `json:"directory"`
	Reorder        string            `json:"reorder"`
	LoadRestrictor string            `json:"loadRestrictor"`
	ManagedByLabel bool              `json:"managedByLabel"`
}

type answer struct {
	Output string `json:"output"`
	Error  string `json:"error,omitempty"`
}

func main() {
	log.SetOutput(io.Discard)
	requests := json.NewDecoder(bufio.NewReader(os.Stdin))
	answers := json.NewEncoder(os.Stdout)
	for {
		var asked request
		if err := requests.Decode(&asked); err == io.EOF {
			return
		} else if err != nil {
			log.Fatal(err)
		}
		output, err := build(asked)
		told := answer{Output: string(output)}
		if err != nil {
			told = answer{Error: err.Error()}
		}
		if err := answers.Encode(told); err != nil {
			log.Fatal(err)
		}
	}
}

func build(asked request) (output []byte, err error) {
	defer func() {
		if crash := recover(); crash != nil {
			err = fmt.Errorf("kustomize panics: %v", crash)
		}
	}()
	fs := filesys.MakeFsInMemory()
	for path, content := range asked.Files {
		if err := fs.WriteFile(filepath.Join("/", path), content); err != nil {
			return nil, err
		}
	}
	options := krusty.MakeDefaultOptions()
	options.Reorder = krusty.ReorderOptionUnspecified
	if asked.Reorder != "" {
		options.Reorder = krusty.ReorderOption(asked.Reorder)
	}
	if asked.LoadRestrictor == "LoadRestrictionsNone" {
		options.LoadRestrictions = types.LoadRestrictionsNone
	}
	options.AddManagedbyLabel = asked.ManagedByLabel
	resources, err := krusty.MakeKustomizer(options).Run(fs, filepath.Join("/", asked.Directory))
	if err != nil {
		return nil, err
	}
	return resources.AsYaml()
}
