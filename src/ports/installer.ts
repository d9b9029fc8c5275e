/** Makes this program a service of a host, and takes it away again. Only an operator's commands do so. */
export interface Installer {
  /**
   * Puts the running program, agent.yaml (if none is there) and the units in place, and starts the service. Doing it
   * again replaces program and units: that is the upgrade.
   *
   * @param onAction told as each is done
   * @throws HoldfastError `INSTALL`; `CONFIG_INVALID` when agent.yaml, old or new, cannot be used
   */
  install(options: InstallOptions, onAction: OnAction, signal: AbortSignal): Promise<void>;
  /**
   * Stops the service and removes what `install()` put there; agent.yaml only while it is as installed. Containers,
   * state and keys stay as they are.
   *
   * @throws HoldfastError `INSTALL`
   */
  uninstall(options: Pick<InstallOptions, "prefix">, onAction: OnAction, signal: AbortSignal): Promise<void>;
}

export interface InstallOptions {
  /** Root of the system that is installed into; another one than "/" is not started. */
  readonly prefix: string;
  /** For a fresh agent.yaml. */
  readonly deployment?: FirstDeployment;
  readonly start: "now" | "never";
}

export interface FirstDeployment {
  readonly repository: string;
  readonly ref?: string;
  readonly path?: string;
}

export type OnAction = (action: InstallAction) => void;

/** One thing that was done, or deliberately was not. */
export interface InstallAction {
  readonly kind: "wrote" | "kept" | "made" | "removed" | "ran" | "left";
  /** A path, a command, or what was left alone. */
  readonly what: string;
  readonly why?: string;
}
