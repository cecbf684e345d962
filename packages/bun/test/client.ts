import { once } from "node:events";
import { get, type IncomingHttpHeaders, type IncomingMessage, type RequestOptions } from "node:http";

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A client with a socket of its own for each request, so that it can go away. */
export class Client {
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  /** Sends a request and reads the whole answer. */
  async get(path: string, options: RequestOptions = {}): Promise<Answer> {
    const [response] = (await once(this.#request(path, options), "response")) as [IncomingMessage];
    const chunks: string[] = [];
    for await (const chunk of response.setEncoding("utf8")) chunks.push(String(chunk));
    return { status: response.statusCode, headers: response.headers, body: chunks.join("") };
  }

  /** Sends a request whose answer is read as it comes. */
  open(path: string): {
    readonly firstChunk: Promise<unknown>;
    readonly ended: Promise<"read" | "broken off">;
    leave(): void;
  } {
    const request = this.#request(path).on("error", () => {});
    const response = once(request, "response").then(([message]) => message as IncomingMessage);
    const firstChunk = response.then((message) => once(message, "data"));
    const ended = response
      .then(async (message) => {
        await once(
          message.resume().on("error", () => {}),
          "close",
        );
        return message.complete ? ("read" as const) : ("broken off" as const);
      })
      .catch(() => "broken off" as const);
    firstChunk.catch(() => {}); // it may be that nobody waits for it
    return { firstChunk, ended, leave: () => void request.destroy() };
  }

  /** Opens a WebSocket, and says a word for each that comes, until the server has said two. */
  async talk(path: string): Promise<readonly string[]> {
    const socket = new WebSocket(`ws://127.0.0.1:${this.#port}${path}`);
    const heard: string[] = [];
    const closed = once(socket, "close");
    socket.addEventListener("message", ({ data }) => {
      if (heard.push(String(data)) === 1) socket.send("hello");
      else socket.close();
    });
    await closed;
    return heard;
  }

  #request(path: string, options: RequestOptions = {}) {
    return get({ host: "127.0.0.1", port: this.#port, path, agent: false, ...options });
  }
}
