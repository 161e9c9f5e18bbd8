{{- /* The injector's environment; docs/configuration.md tells what each variable means. */ -}}
{{- define "podometer.environment" -}}
- name: PODOMETER_NAMESPACE
  valueFrom:
    fieldRef:
      fieldPath: metadata.namespace
- name: PODOMETER_POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: MALLOC_ARENA_MAX
  value: "2"
{{- $aggregator := .Values.aggregator }}
{{- $variables := dict
  "PODOMETER_IMAGE" (include "podometer.image" .)
  "PODOMETER_IMAGE_PULL_POLICY" .Values.image.pullPolicy
  "PODOMETER_CERTIFICATE_MODE" .Values.certificates.mode
  "PODOMETER_CA_SECRET" (include "podometer.authority" .)
  "PODOMETER_WEBHOOK_CONFIGURATION" (include "podometer.fullname" .)
  "PODOMETER_SERVICE" (include "podometer.injector" .)
  "PODOMETER_CONTROLLER" "on"
  "PODOMETER_LEASE" (include "podometer.lease" .)
  "PODOMETER_NAMESPACE_SELECTOR" .Values.webhook.namespaceSelector
  "PODOMETER_EXCLUDED_NAMESPACES" (join "," .Values.webhook.excludedNamespaces)
  "PODOMETER_INTERVAL" .Values.agent.interval
  "PODOMETER_METRICS" .Values.agent.metrics
  "PODOMETER_CPU_REQUEST" .Values.agent.cpuRequest
  "PODOMETER_CPU_LIMIT" .Values.agent.cpuLimit
  "PODOMETER_MEMORY_REQUEST" .Values.agent.memoryRequest
  "PODOMETER_MEMORY_LIMIT" .Values.agent.memoryLimit
  "PODOMETER_DEFAULT_POD_SECURITY" .Values.agent.defaultPodSecurity
  "PODOMETER_AGGREGATOR_STORAGE_SIZE" $aggregator.storage.size
  "PODOMETER_AGGREGATOR_STORAGE_CLASS" $aggregator.storage.className
  "PODOMETER_AGGREGATOR_CPU_REQUEST" $aggregator.cpuRequest
  "PODOMETER_AGGREGATOR_CPU_LIMIT" $aggregator.cpuLimit
  "PODOMETER_AGGREGATOR_MEMORY_REQUEST" $aggregator.memoryRequest
  "PODOMETER_AGGREGATOR_MEMORY_LIMIT" $aggregator.memoryLimit
  "PODOMETER_AGGREGATOR_POD" (include "podometer.aggregatorPod" .)
  "PODOMETER_KEEP_SAMPLES_FOR" $aggregator.keep.samplesFor
  "PODOMETER_KEEP_LEVELS_FOR" $aggregator.keep.levelsFor
  "PODOMETER_KEEP_RUNS_FOR" $aggregator.keep.runsFor
  "PODOMETER_KEEP_RUNS" (ternary "" $aggregator.keep.runs (eq (int $aggregator.keep.runs) 0))
  "PODOMETER_KEEP_BYTES" $aggregator.keep.bytes
  "PODOMETER_KEEP_FREE" $aggregator.keep.free
  "PODOMETER_KEEP_BASELINE_RUNS" $aggregator.keep.baselineRuns
}}
{{- with $aggregator.forward }}
{{- if .url }}
{{- $variables = merge $variables (dict
  "PODOMETER_FORWARD_URL" .url
  "PODOMETER_FORWARD_AS" .as
  "PODOMETER_FORWARD_INTERVAL" .interval
  "PODOMETER_FORWARD_SPOOL_BYTES" .spoolBytes
) }}
{{- if .authorizationSecret.name }}
- name: PODOMETER_FORWARD_AUTHORIZATION
  valueFrom:
    secretKeyRef:
      name: {{ .authorizationSecret.name | quote }}
      key: {{ .authorizationSecret.key | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- range $name, $value := $variables }}
{{- /* Numbers come as floats from files of values. */ -}}
{{- $text := ternary (int64 $value | toString) (toString $value) (kindIs "float64" $value) }}
{{- if ne $text "" }}
- name: {{ $name }}
  value: {{ $text | quote }}
{{- end }}
{{- end }}
{{- end }}

{{- /* Where aggregators run, as the JSON of fields of a pod spec. */ -}}
{{- define "podometer.aggregatorPod" -}}
{{- $pod := dict }}
{{- range $field := list "nodeSelector" "tolerations" "affinity" "priorityClassName" }}
{{- with index $.Values.aggregator $field }}{{ $_ := set $pod $field . }}{{ end }}
{{- end }}
{{- with .Values.image.pullSecrets }}{{ $_ := set $pod "imagePullSecrets" . }}{{ end }}
{{- toJson $pod }}
{{- end }}
