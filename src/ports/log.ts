/** syslog's levels, as journald takes them. */
export type LogLevel = "debug" | "info" | "notice" | "warning" | "error";

/** Writes lines for people and machines. Text never holds a secret. */
export interface Log {
  /**
   * @param fields stable names for `--log-format json`: `deployment`, `revision`, `resource`, `code`, …
   */
  write(level: LogLevel, text: string, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;
