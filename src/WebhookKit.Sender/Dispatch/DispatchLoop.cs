using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.Identifiers;
using WebhookKit.Outbox;
using WebhookKit.Publishing;
using WebhookKit.Sending;

namespace WebhookKit.Dispatch;

/// <summary>The loop of one process: fans out, sweeps, leases, and starts attempts.</summary>
internal sealed class DispatchLoop : IDisposable
{
    private static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(1);

    private readonly DeclaredEndpoints _declared;
    private readonly IEndpointStore _endpoints;
    private readonly DispatchSignal _signal;
    private readonly TimeProvider _timeProvider;
    private readonly SenderOptions _options;
    private readonly ILogger _logger;
    private readonly DispatchSlots _slots;
    private readonly StoreGuard _guard;
    private readonly CompletionWriter _writer;
    private readonly DeliveryRunner _runner;
    private readonly FanOutStep _fanOut;
    private readonly SweepStep _sweep;
    private readonly LeaseStep _lease;

    public DispatchLoop(
        IOutboxStore outbox,
        IDeliveryStore deliveries,
        IEndpointStore endpoints,
        DeclaredEndpoints declared,
        AttemptSender sender,
        DispatchSignal signal,
        IdGenerator ids,
        TimeProvider timeProvider,
        IOptions<SenderOptions> options,
        ILogger<DispatchLoop> logger)
    {
        _declared = declared;
        _endpoints = endpoints;
        _signal = signal;
        _timeProvider = timeProvider;
        _options = options.Value;
        _logger = logger;
        var jitter = new JitterSource(new Random());
        var due = new DueEndpoints(timeProvider);
        _slots = new DispatchSlots(_options.MaxInFlight, _options.MaxInFlightPerEndpoint, timeProvider);
        _guard = new StoreGuard(timeProvider, logger, jitter);
        _writer = new CompletionWriter(deliveries, _guard, _slots, due, signal, _options, timeProvider, logger);
        _runner = new DeliveryRunner(sender, _writer, _slots, due, signal, _options, jitter, timeProvider, logger);
        _fanOut = new FanOutStep(outbox, endpoints, ids, signal, _slots, due, _runner, _options, timeProvider, logger);
        _sweep = new SweepStep(deliveries, due, signal, jitter, _options, timeProvider, logger);
        _lease = new LeaseStep(outbox, deliveries, endpoints, ids, _slots, due, _runner, _writer, _guard, _options, timeProvider);
    }

    /// <summary>Runs until told to stop, then lets attempts in flight finish and writes their outcomes.</summary>
    /// <param name="stopping">Ends leasing.</param>
    /// <param name="hurry">Ends the wait for attempts in flight.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken hurry)
    {
        var writing = _writer.RunAsync();
        try
        {
            await DeclareEndpointsAsync(stopping).ConfigureAwait(false);
            while (!stopping.IsCancellationRequested)
            {
                await RunRoundAsync(stopping).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Asked to stop.
        }
        finally
        {
            _signal.IsListening = false;
            await DrainAsync(hurry).ConfigureAwait(false);
            _writer.Complete();
            await writing.ConfigureAwait(false);
            _signal.WakeOthers(WaitingWork.Messages | WaitingWork.Deliveries);
        }
    }

    public void Dispose() => _runner.Dispose();

    // Before anything is fanned out: a message must not miss an endpoint that this deployment declares.
    private async ValueTask DeclareEndpointsAsync(CancellationToken stopping)
    {
        while (!await _guard.TryAsync(
            "declare endpoints",
            token => _endpoints.DeclareAsync(_declared.All, _options.DeploymentVersion, token),
            stopping).ConfigureAwait(false))
        {
            stopping.ThrowIfCancellationRequested();
        }
    }

    private async ValueTask RunRoundAsync(CancellationToken stopping)
    {
        try
        {
            await _guard.TryAsync("fan out", _fanOut.RunAsync, stopping).ConfigureAwait(false);
            if (await _guard.TryAsync("sweep", _sweep.RunAsync, stopping).ConfigureAwait(false) && _sweep.HasSwept)
            {
                _lease.TakeEverySlot();
            }

            await _guard.TryAsync("lease", _lease.RunAsync, stopping).ConfigureAwait(false);
            if (!_fanOut.HasMore && !_lease.HasMore)
            {
                await _signal.WaitAsync(NextWait(), _timeProvider, stopping).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            _logger.DispatchFaulted(exception);
            await Task.Delay(FaultPause, _timeProvider, stopping).ConfigureAwait(false);
        }
    }

    private TimeSpan NextWait()
    {
        var wait = new[] { _sweep.NextIn, _fanOut.NextIn, _lease.NextIn }.Min();
        return wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait;
    }

    private async Task DrainAsync(CancellationToken hurry)
    {
        var emptied = _slots.WhenEmptyAsync();
        try
        {
            await emptied.WaitAsync(_options.ShutdownTimeout, _timeProvider, hurry).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            _logger.AttemptsGivenUp(_slots.InUse);
            _runner.GiveUp();
            await emptied.ConfigureAwait(false);
        }
    }
}
