using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.Identifiers;
using WebhookKit.Outbox;
using WebhookKit.Publishing;
using WebhookKit.Rendering;
using WebhookKit.Sending;

namespace WebhookKit.Dispatch;

/// <summary>The loop of one process: fans out, sweeps, leases, and starts attempts.</summary>
internal sealed class DispatchLoop : IDisposable
{
    private const string FanOut = "fan out";
    private const string Sweep = "sweep";
    private const string Skip = "skip";
    private const string Lease = "lease";
    private const string Rates = "keep rates";
    private static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(1);

    private readonly DeclaredEndpoints _declared;
    private readonly IEndpointStore _endpoints;
    private readonly DispatchSignal _signal;
    private readonly DispatchStatus _status;
    private readonly TimeProvider _timeProvider;
    private readonly SenderOptions _options;
    private readonly ILogger _logger;
    private readonly DispatchSlots _slots;
    private readonly StoreGuard _guard;
    private readonly EndpointRates _rates;
    private readonly CompletionWriter _writer;
    private readonly DeliveryRunner _runner;
    private readonly FanOutStep _fanOut;
    private readonly SkipStep _skip;
    private readonly SweepStep _sweep;
    private readonly LeaseStep _lease;

    public DispatchLoop(
        IOutboxStore outbox,
        IDeliveryStore deliveries,
        IEndpointStore endpoints,
        DeclaredEndpoints declared,
        AttemptSender sender,
        EndpointSigners signers,
        EndpointPolicies policies,
        PayloadRenderer renderer,
        OperationalEvents operational,
        DispatchSignal signal,
        IdGenerator ids,
        DispatchStatus status,
        TimeProvider timeProvider,
        IOptions<SenderOptions> options,
        ILogger<DispatchLoop> logger)
    {
        _declared = declared;
        _endpoints = endpoints;
        _signal = signal;
        _status = status;
        _timeProvider = timeProvider;
        _options = options.Value;
        _logger = logger;
        var jitter = new JitterSource(new Random());
        var due = new DueEndpoints(timeProvider);
        _slots = new DispatchSlots(_options.MaxInFlight, _options.MaxInFlightPerEndpoint, timeProvider);
        _guard = new StoreGuard(status, timeProvider, logger, jitter);
        var foreign = new ForeignEndpoints(signers, logger);
        _rates = new EndpointRates(endpoints, policies);
        var suspects = new SuspectGate(timeProvider);
        _writer = new CompletionWriter(deliveries, _guard, _slots, due, signal, suspects, operational, _options, timeProvider, logger);
        _runner = new DeliveryRunner(sender, _writer, _slots, due, signal, _options, policies, jitter, timeProvider, logger);
        _fanOut = new FanOutStep(outbox, ids, signal, _slots, due, foreign, policies, _rates, renderer, _runner, _options, timeProvider, logger);
        _skip = new SkipStep(deliveries, timeProvider, logger);
        _sweep = new SweepStep(deliveries, due, _skip, signal, status, jitter, _options, timeProvider);
        _lease = new LeaseStep(outbox, deliveries, endpoints, ids, _slots, due, foreign, policies, _rates, renderer, _runner, _writer, suspects, _options, timeProvider, logger);
    }

    /// <summary>Runs until told to stop, then lets attempts in flight finish and writes their outcomes.</summary>
    /// <param name="stopping">Ends leasing.</param>
    /// <param name="hurry">Ends the wait for attempts in flight.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken hurry)
    {
        var writing = _writer.RunAsync();
        _status.Began();
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
            _status.Stopped();
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
            var hasMore = await _guard.TryOnceAsync(FanOut, _fanOut.RunAsync, stopping).ConfigureAwait(false) && _fanOut.HasMore;
            if (_rates.HasChanges)
            {
                // Before more is leased.
                await _guard.TryOnceAsync(Rates, _rates.SaveAsync, stopping).ConfigureAwait(false);
            }

            if (await _guard.TryOnceAsync(Sweep, _sweep.RunAsync, stopping).ConfigureAwait(false) && _sweep.HasSwept)
            {
                _lease.TakeEverySlot();
            }

            hasMore |= await _guard.TryOnceAsync(Skip, _skip.RunAsync, stopping).ConfigureAwait(false) && _skip.HasMore;
            hasMore |= await _guard.TryOnceAsync(Lease, _lease.RunAsync, stopping).ConfigureAwait(false) && _lease.HasMore;
            _status.RoundEnded();
            if (!hasMore)
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
        var wait = new[] { Later(_sweep.NextIn, Sweep), Later(_fanOut.NextIn, FanOut), Later(_skip.NextIn, Skip), Later(_lease.NextIn, Lease) }.Min();
        return wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait;
    }

    private TimeSpan Later(TimeSpan nextIn, string step)
    {
        var pause = _guard.PauseOf(step);
        return nextIn > pause ? nextIn : pause;
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
