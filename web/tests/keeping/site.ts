/** A site on this machine, as an issuer publishes it, and as it fails. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after } from "node:test";

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export const DOCUMENT = "/.well-known/signedcert/issuer.cbor";

export class Site {
  readonly page: URL;
  readonly paths: Map<string, Answer>;

  private constructor(page: URL, paths: Map<string, Answer>) {
    this.page = page;
    this.paths = paths;
  }

  static async open(): Promise<Site> {
    const paths = new Map<string, Answer>();
    const server = createServer((request, response) => {
      const answer = paths.get(request.url ?? "");
      if (answer === undefined) response.writeHead(404).end();
      else answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    after(() => {
      server.closeAllConnections();
      server.close();
    });
    // A server that listens on a port has an address with it.
    const { port } = server.address() as AddressInfo;
    return new Site(new URL(`http://127.0.0.1:${port}/c/`), paths);
  }

  publish(path: string, bytes: Uint8Array, type = "application/octet-stream"): void {
    this.paths.set(path, (_, response) => {
      response.writeHead(200, { "content-type": type }).end(bytes);
    });
  }
}
