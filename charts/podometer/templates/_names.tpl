{{- define "podometer.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- /* The release's name alone where it holds the chart's: `podometer`, not `podometer-podometer`. Room is left for what names add. */ -}}
{{- define "podometer.fullname" -}}
{{- $name := include "podometer.name" . }}
{{- $release := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) }}
{{- default $release .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- define "podometer.injector" -}}
{{ include "podometer.fullname" . }}-injector
{{- end }}

{{- define "podometer.lease" -}}
{{ include "podometer.fullname" . }}-controller
{{- end }}

{{- define "podometer.authority" -}}
{{- default (printf "%s-ca" (include "podometer.fullname" .)) .Values.certificates.secretName }}
{{- end }}

{{- /* Never to be changed: a Deployment's selector is for good, and `podometer status` looks for the first and the last. */ -}}
{{- define "podometer.selector" -}}
app.kubernetes.io/name: podometer
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/component: injector
{{- end }}

{{- define "podometer.labels" -}}
{{ include "podometer.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "podometer.image" -}}
{{- with .Values.image }}
{{- if .digest }}
{{- .repository }}@{{ .digest }}
{{- else }}
{{- .repository }}:{{ default $.Chart.AppVersion .tag }}
{{- end }}
{{- end }}
{{- end }}

{{- /* What Pod Security `restricted` asks of a pod, and of a container. */ -}}
{{- define "podometer.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "podometer.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "podometer.testLabels" -}}
app.kubernetes.io/name: podometer
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/component: test
{{- end }}
