/** sha256 of the DER SubjectPublicKeyInfo of the keys that Mender's repositories publish, and where they are. */
export const demoKeys: ReadonlyMap<string, string> = new Map([
  ["ef11248d457e4170764131bc4d8c1a16c046d9870e1c66aad231d53546404ac4", "integration certs/api-gateway"],
  ["303529638fdd75478ff9ed45e22792b96cb3a1fe1f93aa9040d0b661d2d2ca53", "integration certs/storage-proxy"],
  ["ab70152fcaf8f82a1ccaa03e85aa9f51771be17d776def11fbaf814465920e81", "integration keys/deviceauth"],
  ["0b16694bd73e26a12da53996ab7262fe911c13097e4d7a217f67f718e6410277", "integration keys/useradm"],
  [
    "3c16fc8c999508ba8fb3ef946b292dd714315bc2f6f84e5fe596e6b5532f16e1",
    "integration cert and mender-server compose/certs",
  ],
  ["c980b69f314a43d99478d3a6572ee9a91e3b0029ef393a8436919acf6822db95", "mender-server compose/config/mender.pem"],
  [
    "d53ec8eb886492ab90b9753713f52fc30f5e83dca0220a213a50efd41d41400c",
    "integration extra/production-environment, deviceauth",
  ],
  [
    "6b38b082f4abb59ca2190a2cf6ecf130c82e2777db8b7d494a9dcf740b3675f9",
    "integration extra/production-environment, useradm",
  ],
  [
    "ec1693b9e90996a49f98530287fc4640911e83d6c275af74860d958402d0213b",
    "integration extra/production-environment, storage-proxy",
  ],
  [
    "b5e31d2ebe6f403313971048580475a7a370fbeb985dfeeacdb40acdf32c824b",
    "integration extra/production-environment, api-gateway",
  ],
]);
