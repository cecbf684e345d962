import { exceptStar, taskGroup, type TaskGroup } from "@cohort/node";

class HttpError extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`HTTP ${status}`);
    this.status = status;
  }
}

async function download(url: string, signal: AbortSignal): Promise<string> {
  if (signal.aborted || url === "") throw new HttpError(404);
  return url;
}

function start(group: TaskGroup, urls: readonly string[]) {
  return urls.map((url) => group.createTask(({ signal }) => download(url, signal), { name: url }));
}

export async function lengths(urls: readonly string[]): Promise<number[]> {
  try {
    const pages = await taskGroup({ name: "crawl", limit: 5, timeout: 3000 }, (group) => start(group, urls));
    return pages.map((page) => page.result().length);
  } catch (error) {
    await exceptStar(error, [
      HttpError,
      (group) => {
        for (const { error, task } of group.leaves()) console.error(task?.name, error.status);
      },
    ]);
    return [];
  }
}
