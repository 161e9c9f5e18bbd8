{{- /* What values.schema.json cannot say, or not in words: each fault names the value, what is wrong and the mend. */ -}}
{{- define "podometer.checks" -}}
{{- $certificates := .Values.certificates }}
{{- $isGiven := eq $certificates.mode "given" }}
{{- if and $isGiven (not $certificates.secretName) }}
{{- fail "certificates.secretName is empty. With certificates.mode `given` it must name the Secret that holds your authority (tls.crt, tls.key)." }}
{{- end }}
{{- if and $isGiven (not .Values.webhook.caBundle) }}
{{- fail "webhook.caBundle is empty. With certificates.mode `given` it must be the certificate of your authority as PEM text: --set-file webhook.caBundle=ca.crt." }}
{{- end }}
{{- if and .Values.webhook.caBundle (not $isGiven) }}
{{- fail (printf "webhook.caBundle is set. With certificates.mode `%s` somebody else writes it, and helm must not; leave it empty, or set certificates.mode to `given`." $certificates.mode) }}
{{- end }}
{{- if and $certificates.issuerRef (ne $certificates.mode "cert-manager") }}
{{- fail (printf "certificates.issuerRef is set. With certificates.mode `%s` nobody reads it; leave it empty, or set certificates.mode to `cert-manager`." $certificates.mode) }}
{{- end }}
{{- include "podometer.checkTime" (list "agent.interval" .Values.agent.interval 10 60000 "10ms to 60s") }}
{{- include "podometer.checkTime" (list "aggregator.forward.interval" .Values.aggregator.forward.interval 1000 3600000 "1s to 1h") }}
{{- end }}

{{- /* The value's name, its text, the bounds in ms, and in words. */ -}}
{{- define "podometer.checkTime" -}}
{{- $ms := include "podometer.milliseconds" (index . 1) | float64 }}
{{- if or (lt $ms (index . 2 | float64)) (gt $ms (index . 3 | float64)) }}
{{- fail (printf "%s is %s. It must be a time from %s." (index . 0) (index . 1) (index . 4)) }}
{{- end }}
{{- end }}

{{- define "podometer.milliseconds" -}}
{{- $unit := regexFind "[a-z]+$" . }}
{{- mulf (trimSuffix $unit . | float64) (get (dict "ms" 1 "s" 1000 "m" 60000 "h" 3600000) $unit) }}
{{- end }}
