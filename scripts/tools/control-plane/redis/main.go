// Command redis serves the Redis protocol from memory: Argo CD's cache in a rehearsal.
// It is the server that Argo CD's own tests use, so a rehearsal needs no Redis installed.
package main

import (
	"log"
	"os"
	"time"

	"github.com/alicebob/miniredis/v2"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: redis <host:port>")
	}
	server := miniredis.NewMiniRedis()
	if err := server.StartAddr(os.Args[1]); err != nil {
		log.Fatal(err)
	}
	// miniredis keeps its own clock: without this nothing in the cache ever expires.
	for range time.Tick(time.Second) {
		server.FastForward(time.Second)
	}
}
