/** Programs that receive webhooks and verify their signatures with the libraries of Standard Webhooks. */
import { readInNode } from '../../components/copied-code.js';

const node = `import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

const webhook = new Webhook(${readInNode('WEBHOOK_SECRET')});

createServer(async (request, response) => {
  // The body as it came: the signature is of its bytes.
  const body = await text(request);
  try {
    const event = webhook.verify(body, request.headers);
    response.writeHead(204).end();
    console.log(JSON.stringify(event));
  } catch {
    response.writeHead(401).end();
  }
}).listen(5000);
`;

const python = `import os

from flask import Flask, request
from standardwebhooks.webhooks import Webhook

app = Flask(__name__)
webhook = Webhook(os.environ["WEBHOOK_SECRET"])


@app.post("/")
def hook():
    try:
        # The body as it came: the signature is of its bytes.
        event = webhook.verify(request.get_data(), request.headers)
    except Exception:
        return "", 401
    print(event)
    return "", 204
`;

const go = `package main

import (
	"fmt"
	"io"
	"net/http"
	"os"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

func main() {
	webhook, err := standardwebhooks.NewWebhook(os.Getenv("WEBHOOK_SECRET"))
	if err != nil {
		panic(err)
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		// The body as it came: the signature is of its bytes.
		body, err := io.ReadAll(r.Body)
		if err != nil || webhook.Verify(body, r.Header) != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.WriteHeader(http.StatusNoContent)
		fmt.Println(string(body))
	})
	panic(http.ListenAndServe(":5000", nil))
}
`;

export const receivers = {
  node: { name: 'Node.js', language: 'javascript', install: 'npm install standardwebhooks', code: node },
  python: { name: 'Python', language: 'python', install: 'pip install standardwebhooks flask', code: python },
  go: {
    name: 'Go',
    language: 'go',
    install: 'go get github.com/standard-webhooks/standard-webhooks/libraries/go',
    code: go,
  },
} as const;
