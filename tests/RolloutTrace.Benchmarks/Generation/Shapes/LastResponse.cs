namespace RolloutTrace.Benchmarks.Generation.Shapes;

/// <summary>What a request follows.</summary>
/// <param name="Id">The id of the response before it.</param>
/// <param name="ItemsThrough">How many of the request's items the model has seen by then: those of the request before, and of the response.</param>
internal sealed record LastResponse(string Id, int ItemsThrough);
