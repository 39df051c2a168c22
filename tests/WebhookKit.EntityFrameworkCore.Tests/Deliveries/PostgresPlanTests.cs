using System.Buffers.Binary;
using System.Data.Common;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.EntityFrameworkCore.Deliveries;
using WebhookKit.EntityFrameworkCore.DependencyInjection;
using WebhookKit.EntityFrameworkCore.Endpoints;
using WebhookKit.EntityFrameworkCore.Tests.Postgres;
using WebhookKit.Identifiers;

namespace WebhookKit.EntityFrameworkCore.Tests.Deliveries;

/// <summary>
/// The statements of dispatch cost what they give, not what the tables hold: pages are counted with a backlog of a
/// million, with ten thousand endpoints and many finished rows, with the planner's statistics and without.
/// </summary>
public sealed class PostgresPlanTests(PostgresPlanTests.Tables tables) : IClassFixture<PostgresPlanTests.Tables>
{
    private const string Deliveries = "webhook_deliveries";

    private static readonly EndpointId Busy = Tables.Endpoint(0);
    private static readonly EndpointId[] Others = [.. Enumerable.Range(1, 100).Select(Tables.Endpoint)];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sweep_TenThousandEndpointsAndAMillionRowsOfOne_JumpsFromEndpointToEndpoint(bool hasStatistics)
    {
        var plan = await tables.ExplainAsync(hasStatistics, context =>
            PostgreSqlDeliveryStatements.CreateSweepCommand(context, default, 1_000, TimeSpan.Zero));

        plan.AssertNeverReadsAllOf(Deliveries);
        plan.AssertPagesAtMost(25 * 1_000);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lease_BacklogOfAMillion_ReadsWhatItGives(bool hasStatistics)
    {
        LeaseBudget[] budgets = [new(Busy, 16, 12), .. Others.Select(id => new LeaseBudget(id, 4, 3))];
        var plan = await tables.ExplainAsync(hasStatistics, context => PostgreSqlDeliveryStatements.CreateLeaseCommand(
            context, budgets, new LeaseFloors(), new LeaseId(Guid.NewGuid()), TimeSpan.FromSeconds(30), TimeSpan.Zero));

        plan.AssertNeverReadsAllOf(Deliveries);
        plan.AssertPagesAtMost(50 * (16 + (4 * Others.Length)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Complete_BacklogOfAMillion_ReadsWhatItWrites(bool hasStatistics)
    {
        var completions = (await tables.LeaseAsync([.. Others.Select(id => new LeaseBudget(id, 4, 3))]))
            .Select(leased => new DeliveryCompletion
            {
                Delivery = leased,
                Status = DeliveryStatus.Succeeded,
                Attempt = new Attempt { Id = new AttemptId(Guid.NewGuid()), StartedAt = DateTimeOffset.UnixEpoch, Duration = default, Outcome = AttemptOutcome.Succeeded },
            })
            .ToArray();
        Assert.NotEmpty(completions);
        var plan = await tables.ExplainAsync(hasStatistics, context =>
            PostgreSqlCompletion.CreateCommand(context, completions, Others, TimeSpan.Zero));

        plan.AssertNeverReadsAllOf(Deliveries);
        plan.AssertPagesAtMost(60 * completions.Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Promote_MillionRowsBehindOneKey_ReadsTheFirst(bool hasStatistics)
    {
        var plan = await tables.ExplainAsync(hasStatistics, context =>
            PostgreSqlDeliveryStatements.CreatePromoteCommand(context, [new OrderingLine(Busy, "key")]));

        plan.AssertNeverReadsAllOf(Deliveries);
        plan.AssertPagesAtMost(50);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SkipDisabled_BacklogOfAMillion_ReadsWhatItSkips(bool hasStatistics)
    {
        const int Batch = 500;
        var some = await tables.ExplainAsync(hasStatistics, async context => (await SomeAsync(context)).CreateDbCommand());
        var still = await tables.ExplainAsync(hasStatistics, async context =>
        {
            var ids = await (await SomeAsync(context)).Select(delivery => delivery.Id).ToListAsync();
            Assert.Equal(Batch, ids.Count);
            return WaitingDeliveries.StillWaiting(context, ids, DateTimeOffset.UtcNow).CreateDbCommand();
        });

        some.AssertNeverReadsAllOf(Deliveries);
        some.AssertPagesAtMost(3 * Batch);
        still.AssertNeverReadsAllOf(Deliveries);
        still.AssertPagesAtMost(8 * Batch);

        static async Task<IQueryable<DeliveryEntity>> SomeAsync(DbContext context)
        {
            await context.Set<EndpointStateEntity>().Where(state => state.EndpointId == Busy)
                .ExecuteUpdateAsync(state => state.SetProperty(s => s.Status, EndpointStatus.Disabled));
            await WaitingDeliveries.KeepToIndexAsync(context, default);
            return WaitingDeliveries.Some(context, Busy, DateTimeOffset.UtcNow, Batch);
        }
    }

    [Fact]
    public async Task Tables_HotOnes_AreVacuumedByCount() => Assert.Contains(
        "autovacuum_vacuum_threshold=50000", await tables.ReadOptionsAsync(Deliveries), StringComparison.Ordinal);

    /// <summary>One endpoint with a million pending rows, 9,999 with ten each, and as many finished rows.</summary>
    public sealed class Tables : IAsyncLifetime
    {
        private PostgresSchema _schema = null!;
        private ServiceProvider _services = null!;

        public static EndpointId Endpoint(int number) =>
            new(new Guid(SHA256.HashData(BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(number)))[..16], bigEndian: true));

        public async Task InitializeAsync()
        {
            _schema = await PostgresSchema.CreateAsync();
            var services = new ServiceCollection();
            services.AddWebhooks();
            services.AddDbContext<PlanContext>(options => options.UseNpgsql(_schema.ConnectionString, npgsql => npgsql.CommandTimeout(120)));
            EntityFrameworkStores.AddStores<PlanContext>(services);
            _services = services.BuildServiceProvider();
            await UseAsync(FillAsync);
        }

        public async Task DisposeAsync()
        {
            await _services.DisposeAsync();
            await _schema.DisposeAsync();
        }

        internal Task<PostgresPlan> ExplainAsync(bool hasStatistics, Func<DbContext, DbCommand> create) =>
            ExplainAsync(hasStatistics, context => Task.FromResult(create(context)));

        internal async Task<PostgresPlan> ExplainAsync(bool hasStatistics, Func<DbContext, Task<DbCommand>> create)
        {
            PostgresPlan? plan = null;
            await UseAsync(async context =>
            {
                // Rolled back, and with it the statistics.
                await using var transaction = await context.Database.BeginTransactionAsync();
                if (hasStatistics)
                {
                    await context.Database.ExecuteSqlRawAsync("ANALYZE webhook_deliveries, webhook_endpoint_state");
                }

                plan = await PostgresPlan.OfAsync(await create(context));
            });
            return plan!;
        }

        internal async Task<string> ReadOptionsAsync(string table)
        {
            var options = "";
            await UseAsync(async context => options = await context.Database.SqlQuery<string>(
                $"""SELECT array_to_string(reloptions, ' ') AS "Value" FROM pg_class WHERE oid = {table}::regclass""").SingleAsync());
            return options;
        }

        internal async Task<IReadOnlyList<LeasedDelivery>> LeaseAsync(LeaseBudget[] budgets) =>
            await _services.GetRequiredService<IDeliveryStore>()
                .LeaseAsync(budgets, new IdGenerator(TimeProvider.System).NewLeaseId(), TimeSpan.FromHours(1), default);

        private static async Task FillAsync(DbContext context)
        {
            await PostgresSchema.CreateTablesAsync(context);
            await context.Database.ExecuteSqlRawAsync(
                """
                ALTER TABLE webhook_deliveries SET (autovacuum_enabled = off);
                ALTER TABLE webhook_endpoint_state SET (autovacuum_enabled = off);
                CREATE TEMP TABLE endpoint AS
                  SELECT n, substr(encode(sha256(int4send(n)), 'hex'), 1, 32)::uuid AS id FROM generate_series(0, 9999) n;
                INSERT INTO webhook_endpoint_state (endpoint_id, status, status_reason, consecutive_failures, circuit,
                    window_attempts, window_failures, is_failing)
                  SELECT id, 0, 0, 0, 0, 0, 0, false FROM endpoint;
                INSERT INTO webhook_deliveries (id, message_id, endpoint_id, status, reason, due_at, next_attempt_at,
                    leases, attempts, is_retry, ordering_key, sequence)
                  SELECT gen_random_uuid(), gen_random_uuid(), id, 0, 0, now() - interval '1 hour' + row * interval '1 ms',
                    now() - interval '1 hour' + row * interval '1 ms',
                    0, 0, false, CASE WHEN row % 2 = 0 THEN 'key' END, row
                  FROM endpoint CROSS JOIN LATERAL generate_series(1, CASE WHEN n = 0 THEN 1000000 ELSE 10 END) row;
                INSERT INTO webhook_deliveries (id, message_id, endpoint_id, status, reason, due_at,
                    leases, attempts, is_retry, sequence)
                  SELECT gen_random_uuid(), gen_random_uuid(), id, 1, 0, now() - interval '1 day', 0, 1, true, 0
                  FROM endpoint CROSS JOIN generate_series(1, 20);
                """);
        }

        private async Task UseAsync(Func<DbContext, Task> use)
        {
            await using var scope = _services.CreateAsyncScope();
            var context = scope.ServiceProvider.GetRequiredService<PlanContext>();
            await context.Database.OpenConnectionAsync();
            await use(context);
        }
    }

    private sealed class PlanContext(DbContextOptions<PlanContext> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddWebhooks();
    }
}
