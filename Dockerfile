# One image for the agent, the aggregator and the injector; the command chooses (protocol/image.ts). `npm run image:rootfs`
# lays the same tree into a folder. Every file may be read by any user, because an agent runs as its targets' user.

FROM node:24-bookworm-slim AS build
WORKDIR /source
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts \
  && rm -rf node_modules/node-linux-* node_modules/node-bin-* node_modules/.bin \
  && chmod 755 dist/podometer.js

FROM node:24-bookworm-slim
RUN apt-get update \
  && apt-get install --yes --no-install-recommends fio ioping ca-certificates \
  && rm -rf /var/lib/apt/lists/* \
  && mkdir -p /var/lib/podometer /var/run/podometer \
  && ln -s /opt/podometer/dist/podometer.js /usr/local/bin/podometer
WORKDIR /opt/podometer
COPY --from=build /source/dist dist
COPY --from=build /source/examples examples
COPY --from=build /source/node_modules node_modules
COPY --from=build /source/package.json /source/LICENSE ./
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/node", "/opt/podometer/dist/podometer.js"]
CMD ["--help"]
