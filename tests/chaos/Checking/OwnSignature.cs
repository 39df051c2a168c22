using WebhookKit.Chaos.History;

namespace WebhookKit.Chaos.Checking;

/// <summary>I4: every request verifies, with a timestamp made for this attempt.</summary>
internal sealed class OwnSignature : IInvariant
{
    public const string Id = "I4";

    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    public IEnumerable<Violation> Check(Evidence evidence) =>
        evidence.History.Requests
            .Where(request => !request.IsVerified || (request.ArrivedAt - SignedAt(request)).Duration() > Tolerance)
            .Select(request => new Violation(Id, $"{request.Node} sent message {request.MessageId} at {request.ArrivedAt:O} with a signature that does not verify."))
            .Concat(evidence.Stories.SelectMany(Borrowed));

    private static IEnumerable<Violation> Borrowed(DeliveryStory story) => story.Sent
        .Where(sent => !sent.IsSignedInTime)
        .Select(sent => sent.Request)
        .Select(request => new Violation(
            Id, $"A request of delivery {story.Delivery.Id} reached the receiver at {request.ArrivedAt:O} but was signed for {SignedAt(request):O}, "
            + $"when {request.Node} began no attempt that this can be."));

    private static DateTimeOffset SignedAt(Request request) => DateTimeOffset.FromUnixTimeSeconds(request.Timestamp);
}
