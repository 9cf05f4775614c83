// The server under test: the built program, on a port and in a folder of its own, with the development mailbox.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");

// All tests come from one address.
const UNLIMITED = Object.fromEntries(
  ["LOG_IN", "ACCOUNT", "SIGN_UP", "FORGOT", "VERIFY", "REFRESH", "ADVISE", "USER"].map((what) => [`DOCKET_LIMIT_${what}`, "off"]),
);

// Where there is a Redis server for the tests, each Docket gets a database of its own there; else all is kept in the process.
let started = 0;
function redis(): Record<string, string> {
  const server = process.env.DOCKET_REDIS_URL;
  if (!server) return {};
  const number = 1 + Number(process.env.TEST_WORKER_INDEX) * 64 + started++;
  return { DOCKET_REDIS_URL: new URL(`/${number}`, server).href };
}

// All keys with all that they hold.
const ALL_KEYS = `local all = {} for _, key in ipairs(redis.call('KEYS', '*')) do all[#all + 1] = key
  for _, part in ipairs(redis.call('HGETALL', key)) do all[#all + 1] = part end end return all`;

export class Docket {
  private constructor(
    readonly url: string,
    private process: ChildProcess,
    private folder: string,
    private log: string[],
    private redis: Record<string, string>,
  ) {}

  /** What was said in confidence: none of it may turn up in the log or in what is kept. */
  readonly secrets = new Set<string>();

  static async start(settings: Record<string, string> = {}, folder?: string, store = redis()): Promise<Docket> {
    folder ??= await mkdtemp(join(tmpdir(), "docket-"));
    const child = spawn(join(ROOT, process.env.PROGRAM || "target/local/docket"), ["serve"], {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        DOCKET_ADDR: "127.0.0.1:0",
        DOCKET_DATA_DIR: folder,
        DOCKET_LOG_FORMAT: "json",
        DOCKET_CODE_RESEND: "1s",
        DOCKET_STOP_DELAY: "0ms",
        DOCKET_ARGON2: "m=64,t=1,p=1",
        ...UNLIMITED,
        ...store,
        ...settings,
      },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const log: string[] = [];
    const url = await new Promise<string>((ready, failed) => {
      child.once("exit", (code) => failed(new Error(`the server ended with ${code}; was it built? (cargo xtask build)`)));
      createInterface({ input: child.stderr! }).on("line", (line) => {
        log.push(line);
        if (line.includes("Docket is ready")) ready(JSON.parse(line).fields.url);
      });
    });
    child.removeAllListeners("exit");
    return new Docket(url, child, folder, log, store);
  }

  /** Ends it as a service manager would, and starts it again on the same data and port. */
  async restarted(): Promise<Docket> {
    await this.end();
    const port = new URL(this.url).port;
    return Docket.start({ DOCKET_ADDR: `127.0.0.1:${port}`, DOCKET_PUBLIC_URL: this.url }, this.folder, this.redis);
  }

  async stop() {
    await this.end();
    await this.searchForSecrets();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** The code in the newest mail to an address, waiting for one. */
  async codeFor(address: string): Promise<string> {
    for (let tries = 0; tries < 100; tries++) {
      const mails = (await (await fetch(`${this.url}/dev/mail`)).text()).split("<article");
      const mail = mails.find((text) => text.includes(`to ${address}<`));
      const code = mail?.match(/<pre>[^]*?\b(\d{6})\b/)?.[1];
      if (code) return code;
      await new Promise((again) => setTimeout(again, 50));
    }
    throw new Error(`no code came for ${address}`);
  }

  private async searchForSecrets() {
    const files = (await readdir(this.folder)).filter((file) => file !== "secret");
    const kept = await Promise.all(files.map(async (file) => [file, await readFile(join(this.folder, file), "latin1")]));
    for (const url of Object.values(this.redis)) {
      const dump = await promisify(execFile)("redis-cli", ["-u", url, "--raw", "EVAL", ALL_KEYS, "0"], { encoding: "latin1", maxBuffer: 2 ** 26 });
      kept.push(["Redis", dump.stdout]);
    }
    for (const [place, text] of [["the log", this.log.join("\n")], ...kept]) {
      for (const secret of this.secrets) {
        if (text.includes(secret)) throw new Error(`${place} holds ${secret}`);
      }
    }
  }

  private async end() {
    const ended = new Promise((done) => this.process.once("exit", done));
    this.process.kill("SIGTERM");
    await ended;
  }
}
