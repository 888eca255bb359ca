/** Makes a certificate authority and certificates for a test, with the machine's openssl. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate with its key, as files. */
export interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
}

/** A certificate authority in a folder of its own. */
export class Authority {
  readonly #folder = mkdtempSync(join(tmpdir(), "onduty-ca-"));
  readonly #own: Certificate;

  constructor() {
    this.#own = this.#files("ca");
    const { certFile, keyFile } = this.#own;
    openssl("req", "-x509", ...KEY, "-keyout", keyFile, "-out", certFile, "-days", "1", "-subj", "/CN=test authority");
  }

  /** The file with its certificate. */
  get caFile(): string {
    return this.#own.certFile;
  }

  /** Issue a certificate for a host name. */
  issue(name: string): Certificate {
    const { certFile, keyFile } = this.#files(name);
    const [request, extensions] = [join(this.#folder, `${name}.csr`), join(this.#folder, `${name}.ext`)];
    writeFileSync(extensions, `subjectAltName=DNS:${name}\n`);
    openssl("req", ...KEY, "-keyout", keyFile, "-out", request, "-subj", `/CN=${name}`);
    const signedBy = ["-CA", this.#own.certFile, "-CAkey", this.#own.keyFile, "-CAcreateserial"];
    openssl("x509", "-req", "-in", request, ...signedBy, "-days", "1", "-extfile", extensions, "-out", certFile);
    return { certFile, keyFile };
  }

  /** Remove the files. */
  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #files(name: string): Certificate {
    return { certFile: join(this.#folder, `${name}.pem`), keyFile: join(this.#folder, `${name}.key`) };
  }
}

const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

function openssl(...given: string[]): void {
  execFileSync("openssl", given, { stdio: "ignore" });
}
