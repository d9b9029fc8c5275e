/** Keys of Mender's services, as its Compose files have them from 2.2 to 3.8. */
export const gateway = "mender-api-gateway";
export const deployments = "mender-deployments";
export const deviceAuth = "mender-device-auth";
export const inventory = "mender-inventory";
export const mongo = "mender-mongo";
export const useradm = "mender-useradm";
export const minio = "minio";
export const storageProxy = "storage-proxy";
