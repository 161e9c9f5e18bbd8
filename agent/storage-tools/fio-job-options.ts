/**
 * What a job file for fio may say. fio itself has options that run programs, load libraries, write logs and work on any
 * path; a list of those would miss what its next version brings, so this is a list of what may be said.
 */
import { fioEngines } from '../../protocol/storage-options.ts';

/** Their values are numbers, sizes, times and fio's own words: none names a path or a program. */
export const optionsOfJobFiles: ReadonlySet<string> = new Set(
  `allrandrepeat bs bs_is_seq_rand bs_unaligned bsrange bssplit buffer_compress_chunk buffer_compress_percentage
  buffered clat_percentiles cpus_allowed cpus_allowed_policy create_fsync create_serialize dedupe_percentage
  description direct end_fsync exitall fadvise_hint fallocate fdatasync file_service_type filename filesize fsync
  fsync_on_close group_reporting invalidate io_size iodepth iodepth_batch iodepth_batch_complete_max
  iodepth_batch_complete_min iodepth_low ioengine lat_percentiles latency_percentile latency_run latency_target
  latency_window loops max_latency new_group nice norandommap nrfiles number_ios numjobs openfiles overwrite
  percentage_random percentile_list pre_read prio prioclass ramp_time randrepeat random_distribution
  random_generator randseed rate rate_iops rate_iops_min rate_min rate_process refill_buffers runtime rw rw_sequencer
  rwmixread rwmixwrite scramble_buffers size slat_percentiles softrandommap startdelay steadystate
  steadystate_duration steadystate_ramp_time stonewall sync sync_file_range thinktime thinktime_blocks
  thinktime_spin thread time_based wait_for zero_buffers`.split(/\s+/),
);

/** The other names that fio has for them. */
const SAME_AS: Readonly<Record<string, string>> = {
  blocksize: 'bs',
  blocksize_range: 'bsrange',
  blocksize_unaligned: 'bs_unaligned',
  io_limit: 'io_size',
  nr_files: 'nrfiles',
  readwrite: 'rw',
  wait_for_previous: 'stonewall',
};

/** Under its first name; undefined where it may not be said. */
export function jobOption(name: string): string | undefined {
  const known = SAME_AS[name] ?? name;
  return optionsOfJobFiles.has(known) ? known : undefined;
}

/** Why the value may not be said; undefined where it may. `option`: as `jobOption` answers it. */
export function refusedValue(option: string, value: string): string | undefined {
  if (value.includes('$')) return 'has a variable in it; write the value itself';
  if (option === 'filename' && !/^[A-Za-z0-9][\w.-]{0,99}$/.test(value)) {
    return 'leads out of the folder that podometer makes; give a name without / and :';
  }
  if (option === 'ioengine' && !(fioEngines as readonly string[]).includes(value)) {
    return `may do more than read and write files; it can be ${fioEngines.join(', ')}`;
  }
  return undefined;
}
