import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A server on a free port of the loopback interface, closed when it is disposed of. */
export class Loopback {
  readonly url: string;
  readonly #server: Server;
  #open = 0;
  readonly #waiting: (() => void)[] = [];

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    server.on("request", (_request, response) => {
      this.#open++;
      this.#changed();
      response.once("close", () => {
        this.#open--;
        this.#changed();
      });
    });
  }

  static async listen(onRequest: RequestListener): Promise<Loopback> {
    const server = createServer(onRequest).listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Loopback(server);
  }

  /** Requests without their response's end. */
  get open(): number {
    return this.#open;
  }

  /** Waits until so many requests are open. */
  async hasOpen(count: number): Promise<void> {
    while (this.#open !== count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  #changed(): void {
    for (const go of this.#waiting.splice(0)) go();
  }
}
