/** The operating system and processor that an image is for: `linux/amd64`, `linux/arm64/v8`. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** Other names of the same processors. */
const architectures: Readonly<Record<string, string>> = { x86_64: "amd64", "x86-64": "amd64", aarch64: "arm64" };

/** Whether an image is for the platform that a service asks for. @param asked `os/architecture[/variant]`, or one of the first two */
export function isForPlatform(image: Platform, asked: string): boolean {
  const parts = asked.toLowerCase().split("/");
  if (parts.length === 1) return [image.os, image.architecture].includes(architecture(parts[0]!));
  const [os, name = "", variant] = parts;
  if (os !== image.os || architecture(name) !== image.architecture) return false;
  return variant === undefined || !image.variant || variant === image.variant;
}

function architecture(name: string): string {
  return architectures[name] ?? name;
}
